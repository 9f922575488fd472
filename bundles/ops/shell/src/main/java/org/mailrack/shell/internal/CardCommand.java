package org.mailrack.shell.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

import org.mailrack.api.card.Card;
import org.mailrack.api.card.CardRack;

/** The command {@code card}: how the services that bundles plug in are doing. */
@Component(
        service = CardCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=card"})
public final class CardCommand {

    private static final int NANO_DIGITS = 6;
    private static final int MICRO_DIGITS = 3;

    private final List<CardRack> racks = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRack(CardRack rack) {
        racks.add(rack);
    }

    void removeRack(CardRack rack) {
        racks.remove(rack);
    }

    @Descriptor("whether the filters are called, how often, how long they take and what they say: list")
    public Object card(String... args) {
        Words words = Words.of("card list", args);
        if (!words.action().equals("list")) {
            throw words.wrong();
        }
        words.rest(0, 0);
        return racks.stream()
                .flatMap(rack -> rack.cards().stream())
                .sorted(Comparator.comparing(Card::kind).thenComparing(Card::name))
                .map(CardCommand::row)
                .toList();
    }

    private static Map<String, Object> row(Card card) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", card.kind());
        row.put("name", card.name());
        row.put("state", card.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        row.put("since", card.since().truncatedTo(ChronoUnit.SECONDS));
        row.put("version", card.version());
        row.put("calls", card.calls());
        row.put("meanMs", millis(card.mean()));
        row.put("p99Ms", millis(card.p99()));
        row.put("verdicts", card.verdicts());
        row.put("failures", card.failures());
        row.put("hanging", card.hanging());
        row.put("bundle", card.bundle());
        row.put("reason", card.reason());
        return row;
    }

    /** With the microseconds as decimals. */
    private static BigDecimal millis(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), NANO_DIGITS).setScale(MICRO_DIGITS, RoundingMode.HALF_UP);
    }
}
