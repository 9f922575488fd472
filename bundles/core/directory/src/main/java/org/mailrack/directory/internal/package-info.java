/** Domains, accounts, aliases and the checking of credentials. */
package org.mailrack.directory.internal;
