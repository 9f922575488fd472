package org.mailrack.filtering.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.osgi.framework.Constants;

import org.mailrack.api.filter.FilterChain;

/**
 * The filters of one stage, highest service ranking first and of equal ones the oldest. A call works on the list as it was when
 * the call began.
 */
final class FilterList<F> {

    /** A filter that is there. */
    record Entry<F>(String name, F filter, int ranking, long id, CallSlots slots) {}

    private volatile List<Entry<F>> entries = List.of();

    List<Entry<F>> entries() {
        return entries;
    }

    /** Adds a filter, or takes note of its changed properties; returns its name. */
    synchronized String put(F filter, Map<String, Object> properties) {
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer r ? r : 0;
        long id = properties.get(Constants.SERVICE_ID) instanceof Long i ? i : 0;
        String name = properties.get(FilterChain.FILTER_NAME) instanceof String n && !n.isBlank()
                ? n
                : filter.getClass().getName();
        CallSlots slots = entries.stream()
                .filter(e -> e.filter() == filter)
                .map(Entry::slots)
                .findFirst()
                .orElseGet(CallSlots::new);
        List<Entry<F>> changed = new ArrayList<>(entries);
        changed.removeIf(e -> e.filter() == filter);
        changed.add(new Entry<>(name, filter, ranking, id, slots));
        changed.sort(
                Comparator.<Entry<F>>comparingInt(Entry::ranking).reversed().thenComparingLong(Entry::id));
        entries = List.copyOf(changed);
        return name;
    }

    synchronized void remove(F filter) {
        entries = entries.stream().filter(e -> e.filter() != filter).toList();
    }
}
