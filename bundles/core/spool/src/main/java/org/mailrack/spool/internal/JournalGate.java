package org.mailrack.spool.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets changes to the journal pass, any number at once, and between them a checkpoint alone: it replaces every entry before it,
 * so no change may be on its way while the state is written down. Nobody blocks; those who come meanwhile are let in after it.
 */
final class JournalGate {

    private final Deque<Runnable> outside = new ArrayDeque<>();
    private int inside;
    private Runnable alone;

    /**
     * Runs a change when it may pass.
     *
     * @param change appends to the journal; what it returns completes when the change was applied to the state too
     */
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable enter = () -> enter(change, result);
        synchronized (this) {
            if (alone != null) {
                outside.add(enter);
                return result;
            }
            inside++;
        }
        enter.run();
        return result;
    }

    /** Runs a task when no change is on its way; false if such a task waits already. */
    boolean passAlone(Runnable task) {
        synchronized (this) {
            if (alone != null) {
                return false;
            }
            alone = task;
            if (inside > 0) {
                return true;
            }
        }
        runAlone();
        return true;
    }

    private <T> void enter(Supplier<CompletionStage<T>> change, CompletableFuture<T> result) {
        CompletionStage<T> stage;
        try {
            stage = change.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((value, failure) -> {
            leave();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure);
            }
        });
    }

    private void leave() {
        synchronized (this) {
            inside--;
            if (inside > 0 || alone == null) {
                return;
            }
        }
        runAlone();
    }

    private void runAlone() {
        Deque<Runnable> next;
        try {
            alone.run();
        } finally {
            synchronized (this) {
                alone = null;
                next = new ArrayDeque<>(outside);
                outside.clear();
                inside += next.size();
            }
        }
        next.forEach(Runnable::run);
    }
}
