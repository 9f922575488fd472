package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.StoreException;

/** Makes contents durable and waits for that. */
final class Commits {

    private Commits() {}

    /** What to make of a content that is durable. */
    interface Use<T> {
        T use(int index, ContentRef ref, long size);
    }

    /** Commits all contents, so that one force is enough for all; fails as the first of them does. */
    static <T> List<T> all(ContentStore contents, List<ContentWriter> writers, Use<T> use) {
        List<Long> sizes = new ArrayList<>(writers.size());
        List<CompletableFuture<ContentRef>> commits = new ArrayList<>(writers.size());
        for (ContentWriter writer : writers) {
            sizes.add(writer.length());
            commits.add(contents.commit(writer).toCompletableFuture());
        }
        List<T> result = new ArrayList<>(writers.size());
        for (int i = 0; i < commits.size(); i++) {
            result.add(use.use(i, join(commits.get(i)), sizes.get(i)));
        }
        return result;
    }

    private static ContentRef join(CompletableFuture<ContentRef> commit) {
        try {
            return commit.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw new StoreException(known.kind(), known.getMessage(), known);
            }
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the content could not be stored", e.getCause());
        }
    }
}
