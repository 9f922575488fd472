package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import org.osgi.framework.Constants;

/** Whether a jar is whole, a bundle, and signed by whom the operator trusts. */
final class JarCheck {

    /** No bundle is that large; a jar that was made to fill the disk or the time of whoever unpacks it may be. */
    private static final long MAX_OCTETS = 1L << 30;

    private static final int BUFFER = 64 * 1024;

    private final Trust trust;
    private final byte[] buffer = new byte[BUFFER];
    private final Set<List<CodeSigner>> accepted = new HashSet<>();
    private long octets;

    private JarCheck(Trust trust) {
        this.trust = trust;
    }

    /** @param jar that nobody else writes to */
    static void check(Path jar, Trust trust) throws Refusal {
        if (trust.mode() == Trust.Mode.NONE) {
            throw new Refusal("comes at run time, which deploy.trust=none in mailrack.cfg does not allow");
        }
        new JarCheck(trust).check(jar);
    }

    private void check(Path jar) throws Refusal {
        try (JarFile file = new JarFile(jar.toFile(), trust.mode() == Trust.Mode.SIGNED, ZipFile.OPEN_READ)) {
            Manifest manifest = file.getManifest();
            Set<String> names = new HashSet<>();
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                // Who reads it next could find the other one.
                if (!names.add(entry.getName())) {
                    throw new Refusal("has two entries with the name " + entry.getName());
                }
                read(file, entry);
                if (trust.mode() == Trust.Mode.SIGNED && !entry.isDirectory() && !ofSignature(entry.getName())) {
                    checkSigned(entry);
                }
            }
            if (manifest == null || manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
                throw new Refusal("is not a bundle: its manifest has no Bundle-SymbolicName");
            }
        } catch (SecurityException e) {
            throw new Refusal("was changed after it was signed: " + e.getMessage(), e);
        } catch (ZipException | IllegalArgumentException e) {
            throw new Refusal("is no jar, or not a whole one: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Refusal("is damaged: " + e.getMessage(), e);
        }
    }

    private void read(JarFile file, JarEntry entry) throws IOException, Refusal {
        CRC32 sum = new CRC32();
        try (InputStream in = file.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
                octets += n;
                if (octets > MAX_OCTETS) {
                    throw new Refusal("unpacks to more than " + (MAX_OCTETS >> 20) + " MiB");
                }
            }
        } catch (IOException e) {
            throw new IOException(entry.getName() + ": " + e.getMessage(), e);
        }
        if (entry.getCrc() != -1 && entry.getCrc() != sum.getValue()) {
            throw new ZipException(entry.getName() + " has another checksum");
        }
    }

    private void checkSigned(JarEntry entry) throws Refusal {
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null || signers.length == 0) {
            throw new Refusal("is not signed, and deploy.trust=signed in mailrack.cfg asks for it (" + entry.getName()
                    + " is not covered by a signature)");
        }
        // Mostly one signer for all entries.
        if (!accepted.contains(Arrays.asList(signers))) {
            trust.check(signers);
            accepted.add(List.of(signers));
        }
    }

    /** The manifest and the signatures, which no signature lists. */
    private static boolean ofSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("META-INF/") || upper.indexOf('/', "META-INF/".length()) >= 0) {
            return false;
        }
        return upper.equals(JarFile.MANIFEST_NAME)
                || upper.endsWith(".SF")
                || upper.endsWith(".RSA")
                || upper.endsWith(".DSA")
                || upper.endsWith(".EC")
                || upper.startsWith("META-INF/SIG-");
    }
}
