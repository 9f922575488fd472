package org.mailrack.storekeeper.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.mailrack.api.store.ContentHolder;
import org.mailrack.api.store.StoreException;

/**
 * Everybody who keeps references to contents: queue and mailboxes, and bundles of others. One that was there once and is not now, as its
 * bundle is being updated or was taken out, would have its contents taken for dead; so their names are kept in a file. Thread-safe.
 */
final class Holders {

    private final List<ContentHolder> own;
    private final Path file;
    private final Map<String, ContentHolder> others = new TreeMap<>();

    /**
     * @param own queue and mailboxes, in this order, in which a mail goes
     * @param file where the names of the others are kept
     */
    Holders(List<ContentHolder> own, Path file) {
        this.own = List.copyOf(own);
        this.file = file;
    }

    synchronized void add(String name, ContentHolder holder) {
        if (own.contains(holder)) {
            return;
        }
        others.put(name, holder);
        Set<String> names = names();
        if (names.add(name)) {
            write(names);
        }
    }

    synchronized void remove(String name, ContentHolder holder) {
        others.remove(name, holder);
    }

    /** Names that are known and not here. */
    synchronized Set<String> absent() {
        Set<String> names = names();
        names.removeAll(others.keySet());
        return names;
    }

    /** An absent one's contents are no longer needed; false when there is none of that name. */
    synchronized boolean forget(String name) {
        Set<String> names = names();
        if (others.containsKey(name) || !names.remove(name)) {
            return false;
        }
        write(names);
        return true;
    }

    /** Names every content that somebody needs. The others first: what they give to the queue or a mailbox is named there. */
    void references(ContentHolder.References visitor) {
        for (ContentHolder holder : all()) {
            holder.references(visitor);
        }
    }

    private synchronized List<ContentHolder> all() {
        List<ContentHolder> all = new ArrayList<>(others.values());
        all.addAll(own);
        return all;
    }

    /** Why nothing may be taken for dead now, if so. */
    Optional<String> objection() {
        Set<String> absent = absent();
        return absent.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        String.join(", ", absent)
                                + " kept references to contents and is not here; when it never comes back, say: store forget NAME");
    }

    private Set<String> names() {
        try {
            return Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : new TreeSet<>();
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void write(Set<String> names) {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.write(next, names, StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
