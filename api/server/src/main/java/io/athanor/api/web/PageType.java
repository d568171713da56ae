package io.athanor.api.web;

import io.athanor.domain.view.Page;
import java.io.Serial;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.axonframework.messaging.responsetypes.AbstractResponseType;

/** Asks for a {@link Page} of anything: Axon's own type for one instance does not match a generic class. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class PageType extends AbstractResponseType<Page> {
    @Serial
    private static final long serialVersionUID = 1L;

    PageType() {
        super(Page.class);
    }

    @Override
    public boolean matches(Type answered) {
        Type raw = answered instanceof ParameterizedType generic ? generic.getRawType() : answered;
        return raw.equals(Page.class);
    }

    @Override
    public Class<Page> responseMessagePayloadType() {
        return (Class<Page>) expectedResponseType;
    }
}
