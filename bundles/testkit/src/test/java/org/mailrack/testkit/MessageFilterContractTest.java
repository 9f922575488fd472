package org.mailrack.testkit;

import java.io.InputStream;

import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;

/** The contract holds for a filter that reads the message and edits the header. */
class MessageFilterContractTest extends MessageFilterContract {

    @Override
    protected MessageFilter filter() {
        return mail -> {
            long octets = 0;
            try (InputStream in = mail.content().open()) {
                for (int read = in.read(); read >= 0; read = in.read()) {
                    octets++;
                }
            }
            return Verdict.edit(new HeaderEdit.Set("X-Octets", String.valueOf(octets)));
        };
    }
}
