package io.athanor.api.auth;

import io.athanor.api.ApiSettings;
import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** Puts {@link Access#TABLE} in front of every request; there are no sessions, cookies or passwords. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {
    @Bean
    SecurityFilterChain access(
            HttpSecurity http,
            ApiSettings settings,
            AccessTokens tokens,
            ApiKeys keys,
            AddressBudget budget,
            RequestProofs proofs) {
        // Made here and not as beans: Spring Boot would put filter beans in front of the whole application as well.
        http.csrf(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new RateLimits(budget), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new KnownPaths(), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new SignedRequests(proofs), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new BearerTokens(tokens, keys, settings), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new BodyLimit(), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new RefusalFilter(), AuthorizationFilter.class)
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((request, response, failure) ->
                                Problems.write(response, new Refused(Reason.NOT_SIGNED_IN, "this needs a sign-in")))
                        .accessDeniedHandler((request, response, failure) -> Problems.write(
                                response, new Refused(Reason.NOT_ALLOWED, "this account may not do that"))))
                .authorizeHttpRequests(requests -> {
                    requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                            .permitAll();
                    for (Access.Row row : Access.TABLE) {
                        HttpMethod method = row.method();
                        var matched = method == null
                                ? requests.requestMatchers(row.path())
                                : requests.requestMatchers(method, row.path());
                        if (row.right().equals(Access.ANYBODY)) {
                            matched.permitAll();
                        } else {
                            matched.hasAuthority(row.right());
                        }
                    }
                    requests.anyRequest().denyAll();
                });
        return http.build();
    }

    /** In front of the whole application. */
    @Bean
    FilterRegistrationBean<QuickDoors> quickDoors(
            List<QuickDoor<?>> doors, RequestProofs proofs, AddressBudget budget) {
        FilterRegistrationBean<QuickDoors> first = new FilterRegistrationBean<>(new QuickDoors(doors, proofs, budget));
        first.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return first;
    }

    /** No observation of each filter, check and sign-in: nobody reads them, and they double the work of a small request. */
    @Bean
    SecurityObservationSettings unobserved() {
        return SecurityObservationSettings.noObservations();
    }

    /** Doubled slashes, encoded dots and the like are refused before any filter sees them. */
    @Bean
    RequestRejectedHandler unsafePaths() {
        return (request, response, failure) -> Problems.write(
                response, new Refused(Reason.MALFORMED, "the request's path or headers hold what none here may hold"));
    }

    /** There are no passwords; without this bean Spring Boot would make a user with one. */
    @Bean
    UserDetailsService noUsers() {
        return name -> {
            throw new UsernameNotFoundException(name);
        };
    }
}
