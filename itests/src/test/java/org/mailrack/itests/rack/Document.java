package org.mailrack.itests.rack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page of the documentation and its fenced blocks. */
public final class Document {

    private final Path file;
    private final List<Block> blocks = new ArrayList<>();

    /** What stands between two fences. */
    public record Block(String language, String text, String where) {}

    private Document(Path file) {
        this.file = file;
    }

    public static Document read(Path file) throws IOException {
        Document document = new Document(file);
        String language = null;
        StringBuilder text = new StringBuilder();
        int number = 0;
        int begun = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (language == null && line.startsWith("```")) {
                language = line.substring(3).strip();
                begun = number;
                text.setLength(0);
            } else if (language != null && line.equals("```")) {
                document.blocks.add(new Block(language, text.toString(), file.getFileName() + ":" + begun));
                language = null;
            } else if (language != null) {
                text.append(line).append('\n');
            }
        }
        if (language != null) {
            throw new AssertionError(file + ":" + begun + ": the block is not closed");
        }
        return document;
    }

    public Path file() {
        return file;
    }

    public List<Block> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    public List<Block> blocks() {
        return List.copyOf(blocks);
    }
}
