package org.mailrack.api.net;

import javax.net.ssl.SSLContext;

import org.osgi.annotation.versioning.ProviderType;

/** The server's certificate and key as a ready TLS context; follows the operator's files without a restart. */
@ProviderType
public interface TlsContext {

    /** The context for new connections. Do not keep it: a renewed certificate comes with a new one. */
    SSLContext server();
}
