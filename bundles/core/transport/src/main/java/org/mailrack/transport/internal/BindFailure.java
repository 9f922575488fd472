package org.mailrack.transport.internal;

import java.util.Locale;

/** Says in one line why an address cannot be listened at, and which setting to change. */
final class BindFailure {

    private BindFailure() {}

    static SettingException explain(EndpointSettings settings, Exception failure) {
        String where = settings.endpoint().address().getAddress().getHostAddress();
        int port = settings.endpoint().address().getPort();
        StringBuilder causes = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.append(' ').append(cause.getMessage());
        }
        String all = causes.toString().toLowerCase(Locale.ROOT);
        String setting = "port";
        String what;
        if (all.contains("in use")) {
            what = "port " + port + " on " + where + " is in use";
        } else if (all.contains("permission")) {
            what = "port " + port + " on " + where + " needs a privilege that the server does not have";
        } else if (all.contains("assign requested") || all.contains("family")) {
            what = "address " + where + " is none of this machine's";
            setting = "address";
        } else {
            what = "cannot listen on " + where + " port " + port + ": "
                    + String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
        }
        return new SettingException("endpoint " + settings.endpoint().name() + ": " + what + " (setting " + setting
                + " in " + settings.file() + ")");
    }
}
