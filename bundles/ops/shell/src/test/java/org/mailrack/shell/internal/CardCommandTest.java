package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.mailrack.api.card.Card;
import org.mailrack.api.card.CardRack;

class CardCommandTest {

    private final CardCommand command = new CardCommand();

    private static Card card(String kind, String name, Card.State state, String reason) {
        return new Card(
                kind,
                name,
                state,
                reason,
                Instant.parse("2026-01-01T00:00:00.123Z"),
                "org.example",
                "1.2.3",
                12,
                Map.of("accept", 12L),
                1,
                0,
                Duration.ofNanos(4_499),
                Duration.ofMillis(1_500));
    }

    @Test
    void listsTheCardsOfAllKinds() {
        command.addRack(() -> List.of(card("filter", "virus", Card.State.ON_TRIAL, "threw x")));
        command.addRack(() -> List.of(
                card("filter", "spam", Card.State.IN, ""), card("delivery policy", "vacation", Card.State.IN, "")));
        assertThat(Rows.table(Rows.of(command.card("list")).orElseThrow())).isEqualTo("""
                kind             name      state     since                 version  calls  meanMs  p99Ms     verdicts   failures  hanging  bundle       reason
                delivery policy  vacation  in        2026-01-01T00:00:00Z  1.2.3    12     0.004   1500.000  accept 12  1         0        org.example
                filter           spam      in        2026-01-01T00:00:00Z  1.2.3    12     0.004   1500.000  accept 12  1         0        org.example
                filter           virus     on trial  2026-01-01T00:00:00Z  1.2.3    12     0.004   1500.000  accept 12  1         0        org.example  threw x
                """);
    }

    @Test
    void asJsonNumbersAreNumbers() {
        command.addRack(() -> List.of(card("filter", "spam", Card.State.IN, "")));
        assertThat(Json.of(command.card("list")))
                .contains("\"state\":\"in\"", "\"meanMs\":0.004", "\"verdicts\":{\"accept\":12}", "\"calls\":12");
    }

    @Test
    void aRackThatIsGoneIsNotAsked() {
        CardRack rack = () -> List.of(card("filter", "spam", Card.State.IN, ""));
        command.addRack(rack);
        command.removeRack(rack);
        assertThat((List<?>) command.card("list")).isEmpty();
        assertThatThrownBy(() -> command.card("reset")).hasMessage("usage: card list");
        assertThatThrownBy(() -> command.card("list", "all")).hasMessage("usage: card list");
    }
}
