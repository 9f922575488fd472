package org.mailrack.relay.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs that wait for a thread. Destinations take turns, and each has a limit of conversations at a time, so that one slow
 * destination with much mail holds up no other. Thread-safe.
 */
final class JobQueue {

    private static final class Destination {
        private final Deque<Job> waiting = new ArrayDeque<>();
        private int active;
        private boolean ready;
    }

    private final int maxPerDestination;
    private final int maxQueued;
    private final Map<String, Destination> destinations = new HashMap<>();
    /** Those with waiting jobs and free conversations. */
    private final Deque<Destination> ready = new ArrayDeque<>();

    private int queued;
    private boolean closed;

    private final Runnable whenReady;

    /** Calls {@code whenReady} once for each call of {@link #take} that will find a job. */
    JobQueue(int maxPerDestination, int maxQueued, Runnable whenReady) {
        this.whenReady = whenReady;
        this.maxPerDestination = maxPerDestination;
        this.maxQueued = maxQueued;
    }

    /** False when the queue is full or closed. */
    synchronized boolean offer(Job job) {
        if (closed || queued >= maxQueued) {
            return false;
        }
        Destination destination = destinations.computeIfAbsent(job.destination(), key -> new Destination());
        destination.waiting.add(job);
        queued++;
        enlist(destination);
        return true;
    }

    /** The next job, or null after {@link #close}; each job taken is to be {@link #done}. */
    synchronized Job take() {
        Destination destination = ready.poll();
        if (destination == null) {
            return null;
        }
        destination.ready = false;
        destination.active++;
        queued--;
        Job job = destination.waiting.poll();
        enlist(destination);
        return job;
    }

    synchronized void done(Job job) {
        Destination destination = destinations.get(job.destination());
        destination.active--;
        if (destination.active == 0 && destination.waiting.isEmpty()) {
            destinations.remove(job.destination());
        }
        enlist(destination);
    }

    private void enlist(Destination destination) {
        if (!destination.ready && destination.active < maxPerDestination && !destination.waiting.isEmpty()) {
            destination.ready = true;
            ready.add(destination);
            whenReady.run();
        }
    }

    /** Takes no more; returns what was waiting. */
    synchronized List<Job> close() {
        closed = true;
        List<Job> left = new ArrayList<>();
        destinations.values().forEach(destination -> {
            left.addAll(destination.waiting);
            destination.waiting.clear();
        });
        ready.clear();
        queued = 0;
        return left;
    }
}
