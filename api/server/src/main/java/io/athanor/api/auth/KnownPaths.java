package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
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
        List<Access.Row> rows = new ArrayList<>();
        for (Route route : routes) {
            if (route.path().matches(path)) {
                // The table begins with what is asked most: those requests see its first rows alone.
                if (takes(route.row(), request.getMethod())) {
                    chain.doFilter(request, response);
                    return;
                }
                rows.add(route.row());
            }
        }
        Problems.write(response, rows.isEmpty() ? notFound(request) : notAllowed(request, response, allowed(rows)));
    }

    private static Refused notFound(HttpServletRequest request) {
        return new Refused(Reason.NOT_FOUND, "nothing is at " + request.getRequestURI());
    }

    private static Refused notAllowed(HttpServletRequest request, HttpServletResponse response, String allowed) {
        response.setHeader("Allow", allowed);
        return new Refused(
                Reason.METHOD_NOT_ALLOWED,
                request.getRequestURI() + " takes " + allowed + ", not " + request.getMethod());
    }

    private static boolean takes(Access.Row row, String method) {
        HttpMethod only = row.method();
        return only == null || only.matches(method);
    }

    private static String allowed(List<Access.Row> rows) {
        return rows.stream()
                .map(Access.Row::method)
                .filter(Objects::nonNull)
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
