package org.mailrack.content.log.internal;

import java.io.IOException;
import java.util.Locale;

import org.mailrack.api.store.StoreException;

/** What a failure of the disk is called by those who use the store. */
final class Stores {

    private Stores() {}

    static StoreException failed(String what, IOException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space left")
                || message.contains("disk quota exceeded")
                || message.contains("not enough space");
        return new StoreException(
                full ? StoreException.Kind.NO_SPACE : StoreException.Kind.UNAVAILABLE,
                what + ": " + cause.getMessage(),
                cause);
    }
}
