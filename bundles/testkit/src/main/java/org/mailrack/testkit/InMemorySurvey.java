package org.mailrack.testkit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.ContentSurvey;

/** A survey of {@link InMemoryContentStore}: one part, always covered as a whole. */
final class InMemorySurvey implements ContentSurvey {

    private final InMemoryContentStore store;
    private final Set<ContentRef> there;
    private final Set<ContentRef> old = new HashSet<>();
    private final Map<ContentRef, Set<Long>> needed = new HashMap<>();

    InMemorySurvey(InMemoryContentStore store, Options options) {
        if (options.from().isPresent()) {
            throw new IllegalArgumentException(
                    "no survey of this store begins at " + options.from().get());
        }
        this.store = store;
        this.there = Set.copyOf(store.contents.keySet());
        long now = System.nanoTime();
        store.contents.forEach((ref, kept) -> {
            if (now - kept.nanoTime() >= options.minAge().toNanos()) {
                old.add(ref);
            }
        });
    }

    @Override
    public synchronized void reference(ContentRef content, long size) {
        needed.computeIfAbsent(content, ref -> new HashSet<>()).add(size);
    }

    @Override
    public Optional<String> rest() {
        return Optional.empty();
    }

    @Override
    public List<Usage> usage() {
        long octets = 0;
        long ofNeeded = 0;
        for (ContentRef ref : there) {
            long length = length(ref);
            octets += length;
            ofNeeded += needed.containsKey(ref) ? length : 0;
        }
        return List.of(new Usage("memory", octets, ofNeeded, old.containsAll(there)));
    }

    @Override
    public void verify(Findings findings, LongConsumer progress) {
        needed.forEach((ref, sizes) -> {
            InMemoryContentStore.Kept kept = store.contents.get(ref);
            if (kept == null) {
                findings.found(finding(Finding.Kind.MISSING, ref, 0, "is not there"));
                return;
            }
            if (kept.damaged()) {
                findings.found(finding(Finding.Kind.DAMAGED, ref, kept.octets().length, "is damaged"));
            }
            sizes.stream()
                    .filter(size -> size != kept.octets().length)
                    .forEach(size -> findings.found(
                            finding(Finding.Kind.SIZE, ref, kept.octets().length, "is said to have " + size)));
        });
        for (ContentRef ref : old) {
            if (!needed.containsKey(ref)) {
                findings.found(finding(Finding.Kind.ORPHAN, ref, length(ref), "is needed by nobody"));
            }
        }
        progress.accept(there.stream().mapToLong(this::length).sum());
    }

    @Override
    public Reclaimed reclaim(int liveBelow) {
        long octets = 0;
        int removed = 0;
        for (ContentRef ref : old) {
            if (!needed.containsKey(ref)) {
                long length = length(ref);
                if (!store.remove(ref)) {
                    return new Reclaimed(octets, removed, 0, false);
                }
                octets += length;
                removed++;
            }
        }
        return new Reclaimed(octets, removed, 0, true);
    }

    @Override
    public void close() {
        needed.clear();
    }

    private long length(ContentRef ref) {
        InMemoryContentStore.Kept kept = store.contents.get(ref);
        return kept == null ? 0 : kept.octets().length;
    }

    private static Finding finding(Finding.Kind kind, ContentRef ref, long size, String what) {
        return new Finding(kind, Optional.of(ref), "memory", size, what);
    }
}
