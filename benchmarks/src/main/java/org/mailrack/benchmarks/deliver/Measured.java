package org.mailrack.benchmarks.deliver;

import org.mailrack.benchmarks.measure.Sample;

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
