package org.mailrack.filtering.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The settings, checked. Immutable; see {@link FilteringConfig} for what each means. */
record FilteringSettings(
        Set<String> required,
        List<String> order,
        Limits limits,
        int promptLimit,
        int leaveWait,
        int maxHeaderSize,
        int maxAttributesSize) {

    FilteringSettings {
        required = Set.copyOf(required);
        order = List.copyOf(order);
    }

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming the setting that cannot be
     */
    static FilteringSettings of(FilteringConfig config) {
        Limits limits = new Limits(
                atLeast(1, config.time_limit(), "time.limit"),
                atLeast(1, config.time_limit_envelope(), "time.limit.envelope"),
                atLeast(1, config.calls_per_filter(), "calls.per.filter"),
                budget(atLeast(1, config.error_budget(), "error.budget")),
                atLeast(1, config.error_window(), "error.window"),
                atLeast(1, config.trial_after(), "trial.after"),
                atLeast(1, config.trial_calls(), "trial.calls"),
                true,
                Domains.ALL);
        return new FilteringSettings(
                Set.copyOf(words(config.required())),
                words(config.order()),
                limits,
                atLeast(1, config.prompt_limit(), "prompt.limit"),
                atLeast(0, config.leave_wait(), "leave.wait"),
                atLeast(1024, config.max_header_size(), "max.header.size"),
                atLeast(1, config.max_attributes_size(), "max.attributes.size"));
    }

    /** The elements of a list, of which a .cfg file gives one text with commas. */
    static List<String> words(String... lists) {
        return Arrays.stream(lists)
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }

    private static int budget(int errors) {
        if (errors > Breaker.MAX_BUDGET) {
            throw new IllegalArgumentException(
                    "org.mailrack.filtering: error.budget must be at most " + Breaker.MAX_BUDGET);
        }
        return errors;
    }

    private static int atLeast(int least, int value, String setting) {
        if (value < least) {
            throw new IllegalArgumentException("org.mailrack.filtering: " + setting + " must be at least " + least);
        }
        return value;
    }
}
