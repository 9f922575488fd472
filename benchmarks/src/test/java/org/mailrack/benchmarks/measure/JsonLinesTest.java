package org.mailrack.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @Test
    void aResultIsALineAndWhatIsNoNumberIsNull(@TempDir Path folder) throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("side", "a \"b\"\\\n");
        values.put("rate", 1.5);
        values.put("p99", Double.NaN);
        values.put("warm", true);
        Path file = folder.resolve("new/results.jsonl");
        JsonLines lines = new JsonLines(file);
        lines.add(values);
        lines.add(Map.of("count", 2));
        assertThat(Files.readString(file))
                .isEqualTo(
                        "{\"side\":\"a \\\"b\\\"\\\\\\u000a\",\"rate\":1.5,\"p99\":null,\"warm\":true}\n{\"count\":2}\n");
    }
}
