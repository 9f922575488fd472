package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Stretches of the log whose entries are no part of the journal, as they came after the moment that a backup has. Kept in a small
 * file, in order: how many 4, of each the begin and the end, each as segment 8 and position 8, CRC 4.
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

    private final Disk disk;
    private volatile List<Gap> gaps = List.of();

    /** None yet. */
    Gaps(Disk disk) {
        this.disk = disk;
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
        if (!disk.list("").contains(NAME)) {
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
        ByteBuffer octets = ByteBuffer.allocate(4 + MAX * SIZE + 4);
        try (Disk.File file = disk.open(NAME)) {
            while (octets.hasRemaining() && file.read(octets.position(), octets) >= 0) {
                // until it is full, or the file at its end
            }
        }
        octets.flip();
        int count = octets.remaining() < 8 ? -1 : octets.getInt();
        // A queue that is read with the entries in the gaps would have lost mail.
        if (count < 0
                || count > MAX
                || octets.limit() != 4 + count * SIZE + 4
                || octets.getInt(octets.limit() - 4) != crc(octets, octets.limit() - 4)) {
            throw new IOException(disk.describe(NAME) + " is damaged; restore the backup again");
        }
        List<Gap> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(new Gap(place(octets), place(octets)));
        }
        return List.copyOf(read);
    }

    private static Append.Place place(ByteBuffer from) {
        return new Append.Place(from.getLong(), from.getLong());
    }

    /** Replaces the file. */
    void write(List<Gap> wanted) throws IOException {
        if (wanted.size() > MAX) {
            throw new IOException("more than " + MAX + " gaps in the journal");
        }
        ByteBuffer octets = ByteBuffer.allocate(4 + wanted.size() * SIZE + 4).putInt(wanted.size());
        for (Gap gap : wanted) {
            octets.putLong(gap.from().segment()).putLong(gap.from().position());
            octets.putLong(gap.to().segment()).putLong(gap.to().position());
        }
        octets.putInt(crc(octets, octets.position())).flip();
        try (Disk.File file = disk.create(NAME + ".new")) {
            file.write(0, octets);
            file.force();
        }
        disk.rename(NAME + ".new", NAME);
        disk.forceFolder("");
        gaps = List.copyOf(wanted);
    }

    /** The journal begins here: gaps before it mean nothing any more. */
    void journalBegins(Append.Place checkpoint) throws IOException {
        if (!gaps.isEmpty() && gaps.stream().noneMatch(gap -> checkpoint.before(gap.to()))) {
            disk.delete(NAME);
            gaps = List.of();
        }
    }

    private static int crc(ByteBuffer octets, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets.array(), 0, length);
        return (int) crc.getValue();
    }
}
