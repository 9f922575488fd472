package org.mailrack.itests.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;

/**
 * A card that does what its settings say, nothing good among it; {@code CardsIT} makes a bundle of this class alone. Its
 * component is declared there.
 */
public final class HostileCard implements MessageFilter {

    private volatile String mode;

    /** Called by the component runtime, at the start and when the settings changed. */
    public void configure(Map<String, Object> properties) {
        mode = String.valueOf(properties.get("mode"));
        if (mode.equals("hang-in-start")) {
            hang();
        }
    }

    private static void hang() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Verdict message(IncomingMail mail) throws Exception {
        switch (mode) {
            case "throw" -> throw new NoClassDefFoundError("org/example/Missing");
            case "allocate" -> {
                List<byte[]> all = new ArrayList<>();
                while (!all.contains(null)) {
                    all.add(new byte[1 << 20]);
                }
            }
            case "loop" -> hang();
            default -> {
                // A good day.
            }
        }
        return Verdict.edit(new HeaderEdit.Add("X-Hostile", "no"));
    }
}
