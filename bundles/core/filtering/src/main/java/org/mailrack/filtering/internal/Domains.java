package org.mailrack.filtering.internal;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.mailrack.api.mail.Envelope;

/**
 * The domains of recipients that a filter is for; none means all. Immutable.
 *
 * @param names domains that are meant themselves
 * @param parents domains whose subdomains are meant, with a leading dot
 */
record Domains(Set<String> names, Set<String> parents) {

    static final Domains ALL = new Domains(Set.of(), Set.of());

    Domains {
        names = Set.copyOf(names);
        parents = Set.copyOf(parents);
    }

    /**
     * Reads {@code example.org} and {@code .example.org}, which is all below it.
     *
     * @throws IllegalArgumentException naming what is no domain
     */
    static Domains of(Collection<String> words) {
        Set<String> names = new HashSet<>();
        Set<String> parents = new HashSet<>();
        for (String word : words) {
            String domain = word.toLowerCase(Locale.ROOT);
            if (!domain.matches("\\.?[^\\s.@*]+(\\.[^\\s.@*]+)*")) {
                throw new IllegalArgumentException("domains: " + word + " is no domain");
            }
            (domain.startsWith(".") ? parents : names).add(domain);
        }
        return new Domains(names, parents);
    }

    boolean all() {
        return names.isEmpty() && parents.isEmpty();
    }

    boolean concern(String domain) {
        if (all() || names.contains(domain)) {
            return true;
        }
        for (int dot = domain.indexOf('.'); dot >= 0 && !parents.isEmpty(); dot = domain.indexOf('.', dot + 1)) {
            if (parents.contains(domain.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the recipients is there. */
    boolean concern(Envelope envelope) {
        if (all()) {
            return true;
        }
        for (var recipient : envelope.recipients()) {
            if (concern(recipient.address().domain())) {
                return true;
            }
        }
        return false;
    }
}
