package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Stretches of the log whose entries are no part of the journal, as they came after the moment that a backup has. Kept in a small
 * file, in order: of each the begin and the end, each as segment 8 and position 8.
 */
final class Gaps {

    static final String NAME = "gaps";
    private static final int MAX = 1000;
    private static final int SIZE = 32;

    /** From the one place up to the other. */
    record Gap(Append.Place from, Append.Place to) {}

    /** Takes a stretch of the log. */
    @FunctionalInterface
    interface Stretches {
        void stretch(Append.Place from, Append.Place until) throws IOException;
    }

    private final SmallFile file;
    private volatile List<Gap> gaps = List.of();

    /** None yet. */
    Gaps(Disk disk) {
        this.file = new SmallFile(disk, NAME, MAX * SIZE);
    }

    List<Gap> all() {
        return gaps;
    }

    /** Visits what lies between two places outside the gaps. */
    void around(Append.Place from, Append.Place until, Stretches visitor) throws IOException {
        Append.Place at = from;
        for (Gap gap : gaps) {
            Append.Place end = gap.from().before(until) ? gap.from() : until;
            if (at.before(end)) {
                visitor.stretch(at, end);
            }
            at = at.before(gap.to()) ? gap.to() : at;
        }
        if (at.before(until)) {
            visitor.stretch(at, until);
        }
    }

    /** Reads the file, if there is one, and makes sure that nothing which is appended from now on falls into a gap. */
    void open(Append.Place end) throws IOException {
        if (!file.exists()) {
            return;
        }
        List<Gap> read = read();
        gaps = read;
        if (read.stream().anyMatch(gap -> end.before(gap.to()))) {
            // Damage at the end of the log was cut off.
            write(read.stream()
                    .filter(gap -> gap.from().before(end))
                    .map(gap -> new Gap(gap.from(), end.before(gap.to()) ? end : gap.to()))
                    .toList());
        }
    }

    private List<Gap> read() throws IOException {
        // A queue that is read with the entries in the gaps would have lost mail.
        ByteBuffer octets = file.read()
                .filter(found -> found.hasRemaining() && found.remaining() % SIZE == 0)
                .orElseThrow(() -> new IOException(file.describe() + " is damaged; restore the backup again"));
        List<Gap> read = new ArrayList<>();
        while (octets.hasRemaining()) {
            read.add(new Gap(place(octets), place(octets)));
        }
        return List.copyOf(read);
    }

    private static Append.Place place(ByteBuffer from) {
        return new Append.Place(from.getLong(), from.getLong());
    }

    /** Replaces the file; none says none. */
    void write(List<Gap> wanted) throws IOException {
        if (wanted.size() > MAX) {
            throw new IOException("more than " + MAX + " gaps in the journal");
        }
        ByteBuffer octets = ByteBuffer.allocate(wanted.size() * SIZE);
        for (Gap gap : wanted) {
            octets.putLong(gap.from().segment()).putLong(gap.from().position());
            octets.putLong(gap.to().segment()).putLong(gap.to().position());
        }
        if (wanted.isEmpty()) {
            file.delete();
        } else {
            file.write(octets.flip());
        }
        gaps = List.copyOf(wanted);
    }

    /** The journal begins here: gaps before it mean nothing any more. */
    void journalBegins(Append.Place checkpoint) throws IOException {
        if (!gaps.isEmpty() && gaps.stream().noneMatch(gap -> checkpoint.before(gap.to()))) {
            file.delete();
            gaps = List.of();
        }
    }
}
