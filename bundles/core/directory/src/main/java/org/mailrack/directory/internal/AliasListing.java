package org.mailrack.directory.internal;

import java.util.List;
import java.util.Map;

/** Lists all aliases, for the command of this bundle. */
interface AliasListing {

    /** Aliases with their targets. */
    Map<String, List<String>> aliases();
}
