package org.mailrack.filtering.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.card.Card;

/**
 * Which filters there are and should be, and in which order they are asked. Changes are made under its lock, which no filter's code
 * is ever called with; who asks reads the {@link Line} of a stage and takes no lock.
 */
final class FilterBoard {

    /** A filter that was registered for less time than this has come and gone. */
    private static final long SHORT_LIVED = TimeUnit.SECONDS.toNanos(1);

    /** Filters that are gone and nobody counts on, of which the limits are remembered. */
    private static final int MAX_GONE = 256;

    private static final Logger log = LoggerFactory.getLogger(FilterBoard.class);

    private record Key(Kind kind, Object registration) {}

    private final FilterThreads threads;
    private final LongSupplier nanoTime;
    private final Map<String, FilterCard> cards = new TreeMap<>();
    private final Map<String, FilterSettings> own = new HashMap<>();
    private final Map<Key, Registered> registered = new HashMap<>();
    private final List<Line> retired = new ArrayList<>();
    private final AtomicReferenceArray<Line> lines = new AtomicReferenceArray<>(Stage.values().length);
    private volatile boolean promptBeforeMessage;
    private volatile FilteringSettings settings;
    private boolean somebodyWent;

    FilterBoard(FilteringSettings settings, FilterThreads threads, LongSupplier nanoTime) {
        this.threads = threads;
        this.nanoTime = nanoTime;
        configure(settings);
    }

    FilteringSettings settings() {
        return settings;
    }

    /** Comes into the line of a stage, to be left by {@link Line#exit}. */
    Line enter(Stage stage) {
        Line line = lines.get(stage.ordinal());
        while (!line.enter()) {
            line = lines.get(stage.ordinal());
        }
        return line;
    }

    /** The line of a stage, to look at. */
    Line line(Stage stage) {
        return lines.get(stage.ordinal());
    }

    boolean promptBeforeMessage() {
        return promptBeforeMessage;
    }

    /** Applies other general settings. */
    synchronized void configure(FilteringSettings changed) {
        settings = changed;
        cards.values().forEach(card -> card.served().clear());
        registered.values().forEach(filter -> filter.card().served().add(filter.kind()));
        changed.required().forEach(this::card);
        cards.values().forEach(this::configure);
        rebuild();
    }

    /** Applies the settings of one filter; called again when they changed. */
    synchronized void own(FilterSettings filter) {
        own.put(filter.name(), filter);
        configure(card(filter.name()));
        rebuild();
    }

    synchronized void notOwn(FilterSettings filter) {
        if (own.remove(filter.name(), filter)) {
            configure(card(filter.name()));
            rebuild();
        }
    }

    private void configure(FilterCard card) {
        FilterSettings file = own.get(card.name());
        Limits general = settings.limits();
        boolean required = settings.required().contains(card.name());
        card.configure(file == null ? general : file.over(general), required, file != null);
    }

    private FilterCard card(String name) {
        return cards.computeIfAbsent(name, n -> {
            FilterCard card = new FilterCard(n, settings.limits(), nanoTime);
            FilterSettings file = own.get(n);
            card.configure(
                    file == null ? settings.limits() : file.over(settings.limits()),
                    settings.required().contains(n),
                    file != null);
            return card;
        });
    }

    /** A filter was registered. */
    synchronized void add(Kind kind, Source source) {
        FilterCard card = card(source.name());
        card.came(source.origin());
        card.served().add(kind);
        Registered filter = new Registered(card, kind, source);
        registered.put(new Key(kind, source.key()), filter);
        start(filter);
        rebuild();
    }

    /** Its properties changed. */
    synchronized void update(Kind kind, Source source) {
        Registered filter = registered.get(new Key(kind, source.key()));
        if (filter == null || !filter.card().name().equals(source.name())) {
            if (filter != null) {
                forget(kind, source.key());
            }
            add(kind, source);
        } else {
            filter.changed(source);
            rebuild();
        }
    }

    /** A filter is unregistered; returns when no mail is in it any more, or the time for that is over. */
    void remove(Kind kind, Object key) {
        List<Line> left;
        Registered filter;
        synchronized (this) {
            filter = forget(kind, key);
            if (filter == null) {
                return;
            }
            left = List.copyOf(retired);
        }
        if (filter.entry() == null) {
            return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.leaveWait());
        try {
            for (Line line : left) {
                if (line.entries().stream()
                        .anyMatch(e -> e.filter() == filter.entry().filter())) {
                    line.awaitEmpty(end);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release(filter);
    }

    /** Gives a filter back, which may run its own code, which stops it; nobody waits for that. */
    private void release(Registered filter) {
        CallSlots slots = filter.card().slots();
        Source source = filter.source();
        if (!slots.takeNow(filter.card().limits().calls())) {
            // It hangs as it is. The framework takes it back when this bundle stops.
            return;
        }
        slots.overdue();
        try {
            threads.execute(() -> {
                try {
                    source.unget();
                } finally {
                    slots.ended(true);
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            slots.ended(true);
        }
    }

    private Registered forget(Kind kind, Object key) {
        Registered filter = registered.remove(new Key(kind, key));
        if (filter != null) {
            somebodyWent = true;
            filter.card().went(SHORT_LIVED);
            announce("filter removed", filter);
            forgetOldest();
            rebuild();
        }
        return filter;
    }

    /** Keeps the memory of filters that are gone bounded; those whose calls hang are bounded by {@link #hangs}. */
    private void forgetOldest() {
        List<FilterCard> gone = cards.values().stream()
                .filter(card -> !card.expected() && card.hanging() == 0 && !present(card))
                .toList();
        for (int i = MAX_GONE; i < gone.size(); i++) {
            cards.remove(gone.get(i).name());
        }
    }

    private boolean present(FilterCard card) {
        return registered.values().stream().anyMatch(filter -> filter.card() == card);
    }

    private void start(Registered filter) {
        if (!filter.begin(hangs(filter))) {
            return;
        }
        Source source = filter.source();
        try {
            threads.execute(() -> {
                Object got = null;
                try {
                    got = source.get();
                } catch (Throwable t) {
                    // The start of a filter is as little to be trusted as its calls.
                    log.warn("filter cannot be started filter={} reason=\"{}\"", source.name(), FilterFailure.threw(t));
                } finally {
                    Thread.interrupted();
                    started(filter, source, got);
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            filter.started(null);
        }
    }

    /** Whether the bundle took filters away whose calls never ended: under new names it would get ever more threads. */
    private boolean hangs(Registered filter) {
        long bundle = filter.source().origin().bundle();
        int left = cards.values().stream()
                .filter(card -> card.origin().bundle() == bundle && card != filter.card() && !present(card))
                .mapToInt(FilterCard::hanging)
                .sum();
        return left >= filter.card().limits().calls();
    }

    private void started(Registered filter, Source source, Object got) {
        synchronized (this) {
            if (registered.containsValue(filter)) {
                filter.started(got);
                if (got != null) {
                    announce("filter added", filter);
                    rebuild();
                }
                return;
            }
        }
        try {
            if (got != null) {
                source.unget();
            }
        } finally {
            synchronized (this) {
                filter.endStart();
            }
        }
    }

    private static void announce(String what, Registered filter) {
        FilterCard card = filter.card();
        String text = "{} filter={} kind={} version={} required={}";
        Object[] values = {what, card.name(), filter.kind(), card.origin().version(), card.required()};
        // One that comes and goes all the time shall not fill the log as well.
        if (card.breaker().condition().state() == Breaker.State.IN) {
            log.info(text, values);
        } else {
            log.debug(text, values);
        }
    }

    /** Called now and then: starts what could not be started before, and lets go of what a filter that went left behind. */
    void look() {
        boolean renew;
        synchronized (this) {
            for (Registered filter : List.copyOf(registered.values())) {
                filter.look();
                start(filter);
            }
            renew = somebodyWent;
            somebodyWent = false;
        }
        if (renew) {
            threads.renew();
        }
    }

    /** Makes the lines anew from what is there now. */
    synchronized void rebuild() {
        Map<String, Integer> order = new HashMap<>();
        settings.order().forEach(name -> order.put(name, order.size()));
        List<Registered> started = registered.values().stream()
                .filter(filter -> filter.entry() != null)
                .sorted(Comparator.<Registered>comparingInt(
                                f -> order.getOrDefault(f.card().name(), Integer.MAX_VALUE))
                        .thenComparingInt(f -> -f.source().ranking())
                        .thenComparingLong(f -> f.source().id())
                        .thenComparing(Registered::kind))
                .toList();
        Map<Stage, Line> now = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            List<Entry> entries = started.stream()
                    .filter(f -> asked(f, stage))
                    .map(Registered::entry)
                    .toList();
            List<FilterCard> missing = cards.values().stream()
                    .filter(card -> card.required() && missing(card, stage, entries))
                    .toList();
            now.put(stage, new Line(stage, entries, missing));
        }
        retired.removeIf(Line::empty);
        now.forEach((stage, line) -> {
            Line before = lines.getAndSet(stage.ordinal(), line);
            if (before != null) {
                before.retire();
                retired.add(before);
            }
        });
        promptBeforeMessage = now.values().stream().allMatch(line -> line.stage() == Stage.MESSAGE || line.prompt());
    }

    /** A filter for some domains has its word on client and sender when a recipient is named; before, nobody can tell. */
    private static boolean asked(Registered filter, Stage stage) {
        if (filter.card().limits().domains().all()) {
            return filter.kind() == stage.kind();
        }
        return stage.kind() == filter.kind() && stage.knowsRecipients()
                || stage == Stage.RECIPIENT && filter.kind() != Kind.MESSAGE;
    }

    /**
     * A required filter that was never seen belongs to each stage that a mail could pass, since nobody knows better; one that was
     * seen belongs where it served.
     */
    private static boolean missing(FilterCard card, Stage stage, Collection<Entry> entries) {
        boolean all = card.limits().domains().all();
        if (card.served().isEmpty()) {
            return stage.carriesMail() && (all || stage.knowsRecipients());
        }
        return card.served().stream()
                .filter(kind -> all
                        ? kind == stage.kind()
                        : stage == Stage.MESSAGE
                                ? kind == Kind.MESSAGE
                                : stage.knowsRecipients() && kind != Kind.MESSAGE)
                .anyMatch(kind -> entries.stream().noneMatch(e -> e.card() == card && e.kind() == kind));
    }

    /** Those that are there, and those that should be. */
    synchronized List<Card> cards() {
        List<Card> shown = new ArrayList<>();
        for (FilterCard card : cards.values()) {
            List<Registered> services = registered.values().stream()
                    .filter(filter -> filter.card() == card)
                    .toList();
            if (!services.isEmpty()) {
                shown.add(card.shown(services.stream()
                        .filter(filter -> filter.entry() == null)
                        .map(Registered::trouble)
                        .findFirst()
                        .orElse("")));
            } else if (card.expected()) {
                shown.add(card.shown("no bundle brings it"));
            } else if (card.hanging() > 0) {
                shown.add(card.shown("it is gone, but not all of its calls have ended"));
            }
        }
        return shown;
    }
}
