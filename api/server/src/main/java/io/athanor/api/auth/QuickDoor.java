package io.athanor.api.auth;

import java.util.function.Function;
import org.springframework.http.HttpStatus;

/**
 * A {@code POST} that comes for every task of a busy network; {@link QuickDoors} answers it.
 *
 * @param path the whole path, without variables
 * @param status of a good answer
 * @param body what the request carries
 * @param answer the handler, which is also behind the same path of the web framework
 */
public record QuickDoor<B>(String path, HttpStatus status, Class<B> body, Function<B, Object> answer) {}
