package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Tells strangers too what is not there: a path without a row in {@link Access#TABLE} is not found, and one that has
 * rows for other methods says which. Nothing is given away: the table is public.
 */
final class KnownPaths extends OncePerRequestFilter {
    private record Route(PathPattern path, Access.Row row) {}

    private final List<Route> routes = Access.TABLE.stream()
            .map(row -> new Route(PathPatternParser.defaultInstance.parse(row.path()), row))
            .toList();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PathContainer path = PathContainer.parsePath(request.getRequestURI());
        List<Access.Row> rows = routes.stream()
                .filter(route -> route.path().matches(path))
                .map(Route::row)
                .toList();
        if (rows.isEmpty()) {
            Problems.write(response, new Refused(Reason.NOT_FOUND, "nothing is at " + request.getRequestURI()));
        } else if (rows.stream().noneMatch(row -> takes(row, request.getMethod()))) {
            List<String> allowed = allowed(rows);
            response.setHeader("Allow", String.join(", ", allowed));
            Problems.write(
                    response,
                    new Refused(
                            Reason.METHOD_NOT_ALLOWED,
                            request.getRequestURI() + " takes " + String.join(", ", allowed) + ", not "
                                    + request.getMethod()));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean takes(Access.Row row, String method) {
        HttpMethod only = row.method();
        return only == null || only.matches(method);
    }

    private static List<String> allowed(List<Access.Row> rows) {
        return rows.stream()
                .map(Access.Row::method)
                .filter(java.util.Objects::nonNull)
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .toList();
    }
}
