/** The operator's commands, over a local socket that only the owner can open. */
package org.mailrack.shell.internal;
