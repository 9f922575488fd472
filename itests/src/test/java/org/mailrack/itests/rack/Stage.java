package org.mailrack.itests.rack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the shell blocks of a page are run: a folder that stands for the reader's machine, with the same paths below it. These
 * words of a block are changed, and nothing else:
 *
 * <ul>
 *   <li>{@code /opt}, {@code /srv}, {@code /usr/local/bin}, {@code /etc/letsencrypt} and {@code /var/backups}, where a path begins,
 *       lie below the folder, and so does what {@link #stands} says.
 *   <li>{@code --port-offset N} gets an offset that is free, the same for the same N; so does {@code init} without one, as if it
 *       were 10000. In {@code 127.0.0.1:PORT} the port changes with it.
 *   <li>{@code 0.0.0.0} is {@code 127.0.0.1}.
 * </ul>
 */
public final class Stage {

    private static final int DEFAULT_OFFSET = 10_000;
    private static final int[] STANDARD_PORTS = {24, 25, 110, 143, 465, 587, 993, 995};
    private static final Pattern PATH =
            Pattern.compile("(?<![\\w/.])/(opt|srv|usr/local/bin|etc/letsencrypt|var/backups)\\b");
    private static final Pattern OFFSET = Pattern.compile("--port-offset (\\d+)");
    private static final Pattern BARE_INIT = Pattern.compile("(?m)( init )(?!.*--port-offset)");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final int SECONDS = 90;

    private final Path root;
    private final Path workplace;
    private final Map<String, String> words = new LinkedHashMap<>();
    /** The offset that a page names, and the free one that is used for it. */
    private final Map<Integer, Integer> offsets = new LinkedHashMap<>();

    public Stage(Path root) throws IOException {
        this.root = root.toRealPath();
        this.workplace = Files.createDirectories(this.root.resolve("home"));
        for (String folder : new String[] {"opt", "srv", "usr/local/bin", "etc/letsencrypt", "var/backups"}) {
            Files.createDirectories(this.root.resolve(folder));
        }
    }

    /** The reader's own folder, in which the blocks are run. */
    public Path workplace() {
        return workplace;
    }

    /** The path that stands for one of the page's. */
    public Path path(String ofThePage) {
        return root.resolve(ofThePage.substring(1));
    }

    /** Has a word of the page stand for another. */
    public Stage stands(String word, String replacement) {
        words.put(word, replacement);
        return this;
    }

    /** The offset that stands for one of the page's. */
    public int offset(int ofThePage) {
        return offsets.computeIfAbsent(ofThePage, n -> Rack.freeOffset());
    }

    /** Runs a block as a shell script that ends at the first failure; what it printed. */
    public String run(Document.Block block) throws Exception {
        File output = Files.createTempFile(root, "block", ".out").toFile();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-eu", "-c", script(block.text()))
                .directory(workplace.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("HOME", workplace.toString());
        builder.environment().merge("PATH", path("/usr/local/bin").toString(), (path, ours) -> ours + ":" + path);
        Process process = builder.start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        assertThat(ended)
                .as("%s ends within %s s; it said: %s", block.where(), SECONDS, said)
                .isTrue();
        assertThat(process.exitValue())
                .as("exit code of %s, which said: %s", block.where(), said)
                .isZero();
        return said;
    }

    String script(String text) {
        String script = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            script = script.replace(word.getKey(), word.getValue());
        }
        script = PATH.matcher(script).replaceAll(path -> Matcher.quoteReplacement(root + "/" + path.group(1)));
        script = OFFSET.matcher(script)
                .replaceAll(number -> "--port-offset " + offset(Integer.parseInt(number.group(1))));
        script = BARE_INIT.matcher(script).replaceAll(init -> " init --port-offset " + offset(DEFAULT_OFFSET) + " ");
        script = script.replace("0.0.0.0", "127.0.0.1");
        return PORT.matcher(script).replaceAll(port -> "127.0.0.1:" + port(Integer.parseInt(port.group(1))));
    }

    private int port(int ofThePage) {
        for (Map.Entry<Integer, Integer> known : offsets.entrySet()) {
            for (int standard : STANDARD_PORTS) {
                if (standard + known.getKey() == ofThePage) {
                    return standard + known.getValue();
                }
            }
        }
        throw new AssertionError("no instance of the page has the port " + ofThePage);
    }
}
