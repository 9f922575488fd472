package org.mailrack.api.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.ContentRef;

/**
 * A look at the contents that a {@link ContentStore} has at one moment, with what is still needed of them. After it was begun,
 * every holder names what he refers to; then {@link #usage}, {@link #verify} and {@link #reclaim} tell and do what follows from
 * that. The order matters: a content that was needed when the survey began is named by somebody, because holders were asked later
 * and references go from one holder to the next in the order of asking (first the spool, then mailboxes).
 *
 * <p>Contents that came later, or that are not older than {@link Options#minAge}, are never taken for dead: their holders may not
 * know them yet. A survey holds a bounded number of references; when there are more, it covers a part of the contents, and
 * {@link #rest} says where the next one has to begin.
 *
 * <p>{@link #reference} may be called by any thread, all else by one. Closing a survey forgets it.
 */
@ProviderType
public interface ContentSurvey extends ContentHolder.References, AutoCloseable {

    /**
     * How to look.
     *
     * @param minAge contents are taken for dead only when they were there this long ago
     * @param rate octets per second that may be read and written; 0 for as fast as it goes
     * @param from where the survey begins: what {@link ContentSurvey#rest} of another one said; empty for the begin
     */
    record Options(Duration minAge, long rate, Optional<String> from) {}

    /** Notes that a content is needed; in any order and any number of times. A reference that is none of this store is a finding. */
    @Override
    void reference(ContentRef content, long size);

    /** Where the next survey has to begin to see what this one had no room for; empty when this one covers all to the end. */
    Optional<String> rest();

    /** Figures of what was covered, part by part. */
    List<Usage> usage();

    /**
     * Reads every content that is covered and tells what is wrong, and what nobody needs.
     *
     * @param findings told of each; when it throws, this call ends so
     * @param progress told now and then how many octets were read so far
     * @throws StoreException when reading failed otherwise than by damage
     */
    void verify(Findings findings, LongConsumer progress);

    /**
     * Gives back the space of contents that nobody needs. A store need not give back all; a needed content is never touched, and a
     * crash at any moment loses none. Ends early when the thread is interrupted, or when somebody begins to
     * {@linkplain ContentStore#hold() hold} the contents.
     *
     * @param liveBelow a part is written anew when less than so many percent of it are needed; one of which nothing is needed goes
     *     in any case
     */
    Reclaimed reclaim(int liveBelow);

    @Override
    void close();

    /**
     * How much of a part of the store is needed.
     *
     * @param part its name, for people
     * @param octets octets on disk
     * @param needed octets of those that are needed
     * @param settled whether nothing is written to it any more and it is old enough, so that it can be reclaimed
     */
    record Usage(String part, long octets, long needed, boolean settled) {}

    /** Takes findings. */
    @FunctionalInterface
    interface Findings {
        /** One finding. */
        void found(Finding finding);
    }

    /**
     * Something found.
     *
     * @param kind what
     * @param content which content, if it can be said
     * @param place where it is, for people: file and offset
     * @param size its octets, as far as known
     * @param what more, in a few words
     */
    record Finding(Kind kind, Optional<ContentRef> content, String place, long size, String what) {
        /** What was found. */
        public enum Kind {
            /** A content that is needed is not there. */
            MISSING,
            /** A content that is needed cannot be read, or not as it was written. */
            DAMAGED,
            /** A content that is needed has another size than its holder believes. */
            SIZE,
            /** Octets of the store that are no content and nothing else, or a damaged content that nobody needs. */
            DAMAGE,
            /** A content that is old enough to be known, and that nobody needs: space that {@link #reclaim} may give back. */
            ORPHAN
        }
    }

    /**
     * What was given back.
     *
     * @param octets octets of disk space
     * @param removed parts that are gone
     * @param rewritten parts that were written anew
     * @param complete whether nothing kept it from doing all that it could
     */
    record Reclaimed(long octets, int removed, int rewritten, boolean complete) {}
}
