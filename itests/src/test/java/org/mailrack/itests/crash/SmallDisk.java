package org.mailrack.itests.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own, small enough to be filled. Needs root; a test that cannot have it is skipped and says so. The same
 * failures are played by doubles in the unit tests of the content log, the database, the spool and the protocols, everywhere.
 */
final class SmallDisk implements AutoCloseable {

    private static final String FILLER = "filler";
    private static final int BLOCK = 64 * 1024;

    private final Path folder;
    /** The device of one that lies in a file; empty for one in memory. */
    private final String device;

    private SmallDisk(Path folder, String device) {
        this.folder = folder;
        this.device = device;
    }

    /** One in memory. */
    static SmallDisk inMemory(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        need("mount", "-t", "tmpfs", "-o", "mode=700,size=" + megabytes + "m", "tmpfs", folder.toString());
        return new SmallDisk(folder, "");
    }

    /** An ext4 in a file beside the folder, which becomes read-only when it meets an error, as is the rule for servers. */
    static SmallDisk inFile(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        Path image = folder.resolveSibling("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        need("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        String device = need("losetup", "-f", "--show", image.toString());
        SmallDisk disk = new SmallDisk(folder, device);
        boolean mounted = false;
        try {
            disk.mountDevice();
            mounted = true;
            return disk;
        } finally {
            if (!mounted) {
                run("losetup", "-d", device);
            }
        }
    }

    private void mountDevice() throws IOException {
        need("mount", "-o", "errors=remount-ro", device, folder.toString());
    }

    /** Leaves so many octets free, 0 for none at all. */
    void fill(long left) throws IOException {
        byte[] some = new byte[BLOCK];
        try (OutputStream out =
                Files.newOutputStream(folder.resolve(FILLER), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long free = free(); free > left; free = free()) {
                out.write(some, 0, (int) Math.min(some.length, free - left));
            }
        } catch (IOException e) {
            if (left > 0 || !String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Gives the space back. */
    void clear() throws IOException {
        Files.deleteIfExists(folder.resolve(FILLER));
    }

    long free() {
        return folder.toFile().getUsableSpace();
    }

    /** Has the system find an error on it, whereupon it cannot be written any more by anybody. */
    void breakDown() throws IOException {
        Path trigger = Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
        Assumptions.assumeTrue(Files.isWritable(trigger), "skipped: the system cannot break an ext4 on purpose");
        Files.writeString(trigger, "by a test");
    }

    /** As the operator mends it, when nobody uses it any more. */
    void repair() throws IOException {
        done("umount", folder.toString());
        // 1: errors were corrected.
        done("sh", "-c", "e2fsck -fy " + device + " > /dev/null || test $? -eq 1");
        mountDevice();
    }

    /** Nothing can be written until {@link #writable}; nobody may have a file open for writing. */
    void readOnly() throws IOException {
        done("mount", "-o", "remount,ro", folder.toString());
    }

    void writable() throws IOException {
        done("mount", "-o", "remount,rw", folder.toString());
    }

    @Override
    public void close() throws IOException {
        done("umount", folder.toString());
        if (!device.isEmpty()) {
            done("losetup", "-d", device);
        }
    }

    private static String need(String... command) throws IOException {
        Said said = run(command);
        if (said.exit != 0) {
            String reason = command[0] + ": " + said.text;
            System.out.println("SKIPPED: a test that needs a disk of its own, and the right to mount one: " + reason);
            Assumptions.abort("cannot mount a disk: " + reason);
        }
        return said.text;
    }

    private static void done(String... command) throws IOException {
        Said said = run(command);
        if (said.exit != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.text);
        }
    }

    private record Said(int exit, String text) {}

    private static Said run(String... command) throws IOException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Said(process.waitFor(), text);
        } catch (IOException e) {
            return new Said(-1, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
