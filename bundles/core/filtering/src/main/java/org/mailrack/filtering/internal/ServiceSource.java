package org.mailrack.filtering.internal;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

import org.mailrack.api.filter.FilterChain;

/** A filter that is registered as a service. */
record ServiceSource(BundleContext context, ServiceReference<?> reference) implements Source {

    @Override
    public Object key() {
        return reference;
    }

    @Override
    public String name() {
        if (reference.getProperty(FilterChain.FILTER_NAME) instanceof String name && !name.isBlank()) {
            return name.strip();
        }
        // Of a component the name of its class, as a rule.
        return reference.getProperty("component.name") instanceof String component ? component : origin().name();
    }

    @Override
    public int ranking() {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    @Override
    public long id() {
        return reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : 0;
    }

    @Override
    public boolean prompt() {
        Object prompt = reference.getProperty(FilterChain.PROMPT);
        return prompt instanceof Boolean says ? says : "true".equals(prompt);
    }

    @Override
    public Origin origin() {
        // Null when it was unregistered in this moment.
        Bundle bundle = reference.getBundle();
        return bundle == null
                ? new Origin(-1, 0, "", "")
                : new Origin(
                        bundle.getBundleId(),
                        bundle.getLastModified(),
                        String.valueOf(bundle.getSymbolicName()),
                        bundle.getVersion().toString());
    }

    @Override
    public Object get() {
        return context.getService(reference);
    }

    @Override
    public void unget() {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            // The chain's own bundle stopped meanwhile, with which the framework took back all that it had.
        }
    }
}
