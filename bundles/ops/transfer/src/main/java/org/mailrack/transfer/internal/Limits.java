package org.mailrack.transfer.internal;

/** The settings; see {@link TransferConfig}. */
public record Limits(int batchMessages, int batchOctets, long maxMessageSize, int sortMemory, int maxReported) {

    public Limits {
        atLeast("batch.messages", batchMessages, 1);
        atLeast("batch.octets", batchOctets, 1);
        atLeast("max.message.size", maxMessageSize, 1);
        atLeast("sort.memory", sortMemory, 4096);
        atLeast("max.reported", maxReported, 0);
    }

    static Limits of(TransferConfig config) {
        return new Limits(
                config.batch_messages(),
                config.batch_octets(),
                config.max_message_size(),
                config.sort_memory(),
                config.max_reported());
    }

    private static void atLeast(String setting, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException("org.mailrack.transfer: " + setting + " is less than " + min);
        }
    }
}
