package org.mailrack.benchmarks.deliver;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.side.Side;

/** One run against one side. */
record Measured(
        int messages,
        double acceptedSeconds,
        double readableSeconds,
        double cpuSeconds,
        double othersBusy,
        Sample accepted,
        Sample visible,
        double residentMiB,
        double peakMiB) {

    /** For other programs; more may be added. */
    Map<String, Object> values(String benchmark, Side side, Load load) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("benchmark", benchmark);
        values.put("time", Instant.now().toString());
        values.put("side", side.name());
        values.put("fsync", side.durability());
        values.put("sessions", load.sessions());
        values.put("octets", load.octets());
        values.put("mailboxes", load.mailboxes());
        values.put("messages", messages);
        values.put("acceptedPerSecond", acceptedPerSecond());
        values.put("readablePerSecond", readablePerSecond());
        values.put("cpuSecondsPerThousand", cpuPerThousand());
        values.put("acceptedP50Millis", accepted.quantile(0.5));
        values.put("acceptedP99Millis", accepted.quantile(0.99));
        values.put("visibleP50Millis", visible.quantile(0.5));
        values.put("visibleP99Millis", visible.quantile(0.99));
        values.put("residentMiB", residentMiB);
        values.put("peakMiB", peakMiB);
        values.put("othersBusy", othersBusy);
        return values;
    }

    double acceptedPerSecond() {
        return messages / acceptedSeconds;
    }

    double readablePerSecond() {
        return messages / readableSeconds;
    }

    double cpuPerThousand() {
        return cpuSeconds * 1000 / messages;
    }
}
