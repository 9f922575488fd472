package org.mailrack.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds what would make a start fail or be half a start, and says it in one line that names the file. */
final class SettingsCheck {

    private SettingsCheck() {}

    static void check(Instance instance) {
        for (Path folder : List.of(instance.etc(), instance.data())) {
            if (!Files.isDirectory(folder)) {
                throw LauncherException.failed(folder + " is missing; was this instance made with: mailrack init ?");
            }
        }
        try {
            // Not in every backup, and nothing is lost with it.
            InstanceWriter.ownersFolder(instance.log());
        } catch (IOException e) {
            throw LauncherException.failed("cannot make " + instance.log() + ": " + Instance.reason(e));
        }
        for (Path folder : List.of(instance.data(), instance.log())) {
            writable(folder);
        }
        for (Path file : instance.settingsFiles()) {
            Instance.load(file);
        }
        if (!Files.isReadable(instance.etc().resolve("logback.xml"))) {
            throw LauncherException.failed(
                    "cannot read " + instance.etc().resolve("logback.xml") + ", the logging settings");
        }
    }

    /** Tries it, because permissions alone do not tell: the disk may be full or mounted to be read only. */
    private static void writable(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, ".probe", null));
        } catch (IOException e) {
            throw LauncherException.failed("cannot write to " + folder + ": " + Instance.reason(e));
        }
    }
}
