package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.BackupPart;

/**
 * A copy of the log for a backup: contents as they stand when it is written, the journal as it stood when it was begun. What the
 * journal got in between is in the copy, too, and marked as no part of it.
 */
final class LogCopy implements BackupPart.Copy {

    static final String FOLDER = "content";
    /** What the copy gets anew or not at all. */
    private static final Set<String> OWN = Set.of("lock", CheckpointFile.NAME, Gaps.NAME);

    private final Disk disk;
    private final SegmentLog segments;
    private final Registration hold;
    private final List<Gaps.Gap> gaps;
    private final CheckpointFile.Mark mark;
    private final Append.Place journalEnd;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    LogCopy(Disk disk, SegmentLog segments, Registration hold) {
        this.disk = disk;
        this.segments = segments;
        this.hold = hold;
        // In this order: a checkpoint that is written in between is found in the log. And gaps go only after it.
        this.gaps = segments.gaps();
        this.mark = segments.mark();
        this.journalEnd = segments.end();
    }

    @Override
    public void write(Path data) throws IOException {
        try (NioDisk target = new NioDisk(data.resolve(FOLDER))) {
            write(target);
        }
    }

    void write(Disk target) throws IOException {
        // What is durable now is what anybody refers to; no file of it changes but by growing.
        Append.Place end = segments.end();
        for (String name : disk.list("")) {
            long number = Segment.number(name);
            if (number == end.segment()) {
                copy(name, target, end.position());
            } else if (number < end.segment() && !OWN.contains(name) && !name.endsWith(Segment.NEW)) {
                copy(name, target, Long.MAX_VALUE);
            }
        }
        for (String name : disk.list(LargeFiles.FOLDER)) {
            if (!LargeFiles.unfinished(name)) {
                copyLarge(LargeFiles.FOLDER + '/' + name, target);
            }
        }
        if (mark != null) {
            new CheckpointFile(target).write(mark);
        }
        List<Gaps.Gap> all = new ArrayList<>(gaps);
        if (journalEnd.before(end)) {
            all.add(new Gaps.Gap(journalEnd, end));
        }
        if (!all.isEmpty()) {
            new Gaps(target).write(all);
        }
    }

    private void copyLarge(String name, Disk target) throws IOException {
        try {
            copy(name, target, Long.MAX_VALUE);
        } catch (NoSuchFileException e) {
            // Its record could not be written, and so nobody refers to it: only what failed goes while somebody holds.
            target.delete(name);
        }
    }

    private void copy(String name, Disk target, long most) throws IOException {
        try (Disk.File from = disk.open(name);
                Disk.File to = target.create(name)) {
            long position = 0;
            while (position < most) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), most - position));
                int count = from.read(position, buffer);
                if (count < 0) {
                    break;
                }
                to.write(position, buffer.flip());
                position += count;
            }
            if (most != Long.MAX_VALUE && position < most) {
                throw new IOException(disk.describe(name) + " is shorter than what was written to it");
            }
        }
    }

    @Override
    public void close() {
        hold.close();
    }
}
