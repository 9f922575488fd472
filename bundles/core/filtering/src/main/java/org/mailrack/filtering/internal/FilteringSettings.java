package org.mailrack.filtering.internal;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** The settings, checked. Immutable; see {@link FilteringConfig} for what each means. */
record FilteringSettings(
        Set<String> required, int timeLimit, int timeLimitEnvelope, int callsPerFilter, int maxHeaderSize) {

    FilteringSettings {
        required = Set.copyOf(required);
    }

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming the setting that cannot be
     */
    static FilteringSettings of(FilteringConfig config) {
        Set<String> required = new TreeSet<>();
        for (String names : config.required()) {
            // A .cfg file gives one text for the whole list.
            Arrays.stream(names.split(","))
                    .map(String::strip)
                    .filter(n -> !n.isEmpty())
                    .forEach(required::add);
        }
        return new FilteringSettings(
                required,
                atLeast(1, config.time_limit(), "time.limit"),
                atLeast(1, config.time_limit_envelope(), "time.limit.envelope"),
                atLeast(1, config.calls_per_filter(), "calls.per.filter"),
                atLeast(1024, config.max_header_size(), "max.header.size"));
    }

    private static int atLeast(int least, int value, String setting) {
        if (value < least) {
            throw new IllegalArgumentException("org.mailrack.filtering: " + setting + " must be at least " + least);
        }
        return value;
    }
}
