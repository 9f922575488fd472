package org.mailrack.mailbox.internal;

/**
 * How much is kept of views.
 *
 * @param maxIdle views in memory of mailboxes that nobody has open
 * @param maxOctets octets of memory of all views together
 * @param snapshotRows messages from which on a mailbox has a snapshot on disk
 * @param snapshotInterval seconds between two snapshots of a mailbox that stays in memory
 * @param maxSnapshotOctets octets of disk of all snapshots together; 0 for no snapshots
 * @param preloadOctets octets of snapshots that are read in advance after a start
 */
public record ViewLimits(
        int maxIdle,
        long maxOctets,
        int snapshotRows,
        int snapshotInterval,
        long maxSnapshotOctets,
        long preloadOctets) {

    static final ViewLimits DEFAULTS = new ViewLimits(200, 48 << 20, 1_000, 60, 1 << 30, 16 << 20);

    public ViewLimits {
        check("max.idle.views", maxIdle, 1);
        check("max.view.octets", maxOctets, 1);
        check("snapshot.rows", snapshotRows, 1);
        check("snapshot.interval", snapshotInterval, 0);
        check("max.snapshot.octets", maxSnapshotOctets, 0);
        check("preload.octets", preloadOctets, 0);
    }

    private static void check(String setting, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(setting + " must be " + least + " or more");
        }
    }
}
