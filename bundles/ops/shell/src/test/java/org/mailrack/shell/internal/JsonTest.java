package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/** RFC 8259. */
class JsonTest {

    record Row(long id, String address, List<String> recipients) {}

    @Test
    void rowsBecomeObjectsInTheOrderOfTheirColumns() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", 7L);
        row.put("symbolicName", "org.mailrack.imap");
        row.put("active", true);
        row.put("none", null);
        assertThat(Json.of(List.of(row)))
                .isEqualTo("[{\"id\":7,\"symbolicName\":\"org.mailrack.imap\",\"active\":true,\"none\":null}]");
        assertThat(Json.of(List.of(new Row(1, "a@b.c", List.of("d", "e")))))
                .isEqualTo("[{\"id\":1,\"address\":\"a@b.c\",\"recipients\":[\"d\",\"e\"]}]");
        assertThat(Json.of(List.of())).isEqualTo("[]");
    }

    @Test
    void otherValuesAreText() {
        assertThat(Json.of(List.of(Instant.EPOCH, Optional.of(1), Optional.empty(), new int[] {1, 2})))
                .isEqualTo("[\"1970-01-01T00:00:00Z\",1,null,[1,2]]");
    }

    @Test
    void section7QuotesAndControlCharactersAreEscaped() {
        assertThat(Json.of("a\"b\\c\n\r\t\u0000\u001b[31m\u007f\u009b"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001b[31m\\u007f\\u009b\"");
    }

    @Test
    void section8HalfASurrogatePairIsEscapedAndAWholeOneIsNot() {
        assertThat(Json.of("x\ud83dy")).isEqualTo("\"x\\ud83dy\"");
        assertThat(Json.of("\udc4d")).isEqualTo("\"\\udc4d\"");
        assertThat(Json.of("\ud83d\udc4d")).isEqualTo("\"\ud83d\udc4d\"");
    }

    @Test
    void section6NumbersThatJsonDoesNotHaveAreNull() {
        assertThat(Json.of(List.of(Double.NaN, Float.POSITIVE_INFINITY, 1.5, -3)))
                .isEqualTo("[null,null,1.5,-3]");
    }

    @Test
    void nestingHasALimit() {
        List<Object> nested = new ArrayList<>();
        nested.add(nested);
        assertThatThrownBy(() -> Json.of(nested)).isInstanceOf(IllegalArgumentException.class);
    }
}
