/** Starts the container: a thin launcher that knows start levels and folders, but no bundle by name. */
package org.mailrack.launcher;
