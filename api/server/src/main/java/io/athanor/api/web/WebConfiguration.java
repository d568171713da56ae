package io.athanor.api.web;

import io.athanor.domain.common.TextValue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Lets ids stand in paths and queries in their one text form. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {
    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverterFactory(new TextValues());
    }

    /** Any {@link TextValue} by its {@code parse}. */
    static final class TextValues implements ConverterFactory<String, TextValue> {
        @Override
        public <T extends TextValue> Converter<String, T> getConverter(Class<T> type) {
            Method parse = parseOf(type);
            return text -> type.cast(invoke(parse, text));
        }

        private static Method parseOf(Class<?> type) {
            try {
                return type.getMethod("parse", String.class);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " is a TextValue without parse(String)", e);
            }
        }

        private static Object invoke(Method parse, String text) {
            try {
                return parse.invoke(null, text);
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof IllegalArgumentException bad
                        ? bad
                        : new IllegalArgumentException(String.valueOf(e.getCause()), e);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
