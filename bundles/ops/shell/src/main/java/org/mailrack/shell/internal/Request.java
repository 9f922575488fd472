package org.mailrack.shell.internal;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client wants.
 *
 * @param folder where the client is, to which its relative paths refer
 * @param words the command and its arguments
 * @param json whether rows are wanted as JSON
 */
record Request(Path folder, List<String> words, boolean json) {

    private static final int MAX_WORDS = 1024;
    private static final int MAX_OCTETS = 1024 * 1024;
    private static final String JSON = "--json";
    private static final String END_OF_OPTIONS = "--";

    /** Reads the frames up to EXECUTE; null if the client left before. */
    static Request read(Frames frames) throws IOException {
        Frames.Frame first = frames.read();
        if (first == null) {
            return null;
        }
        if (first.type() != Frames.GREETING || !first.text().equals(Frames.HELLO)) {
            throw new IOException("the client speaks another language");
        }
        Path folder = Path.of("/");
        List<String> words = new ArrayList<>();
        int octets = 0;
        while (true) {
            Frames.Frame frame = frames.read();
            if (frame == null) {
                return null;
            }
            octets += frame.content().length;
            if (octets > MAX_OCTETS || words.size() >= MAX_WORDS) {
                throw new IOException("the command is too long");
            }
            switch (frame.type()) {
                case Frames.FOLDER -> folder = folder(frame.text());
                case Frames.ARGUMENT -> words.add(frame.text());
                case Frames.EXECUTE -> {
                    return of(folder, words);
                }
                default -> throw new IOException("unexpected frame of type " + frame.type());
            }
        }
    }

    private static Path folder(String text) throws IOException {
        try {
            Path folder = Path.of(text);
            if (folder.isAbsolute()) {
                return folder;
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw new IOException("not a folder");
    }

    /** Takes {@code --json} out of the words, wherever it stands before a {@code --}. */
    private static Request of(Path folder, List<String> words) {
        int end = words.indexOf(END_OF_OPTIONS);
        List<String> options = new ArrayList<>(end < 0 ? words : words.subList(0, end));
        boolean json = options.removeIf(JSON::equals);
        if (end >= 0) {
            options.addAll(words.subList(end + 1, words.size()));
        }
        return new Request(folder, List.copyOf(options), json);
    }
}
