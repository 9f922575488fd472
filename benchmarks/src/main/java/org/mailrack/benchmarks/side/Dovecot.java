package org.mailrack.benchmarks.side;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Dovecot with static users and its mail in the format that is asked for; it must be started by root. */
public final class Dovecot implements Side {

    private static final int START_SECONDS = 20;
    private static final int STOP_SECONDS = 20;
    private static final int SYNC_SECONDS = 600;
    /** The user that owns the mail need not be in the system's list. */
    private static final int UID = 5000;

    private final Path base;
    private final Path sockets;
    private final int offset;
    private final String format;
    private Process process;
    private boolean unforced;

    /** @param format a driver of mail_location, such as sdbox or maildir */
    public Dovecot(Path base, int offset, String format) throws IOException {
        this.base = base;
        this.offset = offset;
        this.format = format;
        // In the system's folder, because the path of a socket has at most 107 octets.
        sockets = Files.createTempDirectory("benchmark-dovecot");
        Files.createDirectories(base.resolve("mail"));
        Shell.run(5, "", List.of("chown", UID + ":" + UID, base.resolve("mail").toString()));
        Shell.run(5, "", List.of("chmod", "755", sockets.toString()));
    }

    /** Why it cannot run here; empty when it can. */
    public static String missing() {
        if (!Shell.present("dovecot")) {
            return "dovecot is not installed (benchmarks/install-peers)";
        }
        return "root".equals(System.getProperty("user.name")) ? "" : "dovecot has to be started by root";
    }

    private String configuration(String fsync) {
        return """
                protocols = imap pop3 lmtp
                listen = 127.0.0.1
                base_dir = %1$s
                instance_name = benchmark
                log_path = %2$s/dovecot.log
                ssl = no
                disable_plaintext_auth = no
                auth_mechanisms = plain
                mail_location = %4$s:~/mail
                mail_fsync = %3$s
                mail_max_userip_connections = 0
                first_valid_uid = 1
                default_process_limit = 2000
                default_client_limit = 10000
                passdb {
                  driver = static
                  args = password=%5$s
                }
                userdb {
                  driver = static
                  args = uid=%6$d gid=%6$d home=%2$s/mail/%%u allow_all_users=yes
                }
                namespace inbox {
                  inbox = yes
                }
                service imap-login {
                  process_min_avail = 2
                  service_count = 0
                  inet_listener imap {
                    port = %7$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %8$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                service lmtp {
                  process_min_avail = 4
                  unix_listener lmtp {
                    mode = 0666
                  }
                }
                """.formatted(sockets, base, fsync, format, PASSWORD, UID, offset + 143, offset + 110);
    }

    /** Where it takes mail by LMTP. */
    Path lmtp() {
        return sockets.resolve("lmtp");
    }

    @Override
    public String name() {
        return "dovecot-" + format;
    }

    @Override
    public String version() throws IOException {
        return "Dovecot " + Shell.output(START_SECONDS, "", List.of("dovecot", "--version"));
    }

    @Override
    public String durability() {
        return "mail_fsync=optimized";
    }

    @Override
    public String settings() {
        return format + ", 4 LMTP processes kept, no limits per client, no TLS";
    }

    @Override
    public void addUsers(List<String> users) {
        // static: every name is a user
    }

    @Override
    public void start() throws IOException {
        start("optimized");
    }

    @Override
    public void startToFill() throws IOException {
        start("never");
    }

    private void start(String fsync) throws IOException {
        unforced = "never".equals(fsync);
        Files.writeString(base.resolve("dovecot.conf"), configuration(fsync));
        process = Shell.start(
                base.resolve("console.log"),
                List.of("dovecot", "-F", "-c", base.resolve("dovecot.conf").toString()));
        Shell.await(imap(), START_SECONDS);
        Shell.await(pop3(), START_SECONDS);
    }

    @Override
    public void stop() throws IOException {
        if (process != null) {
            Process running = process;
            process = null;
            Shell.end(running.toHandle(), STOP_SECONDS);
            if (unforced) {
                Shell.run(SYNC_SECONDS, "", List.of("sync"));
            }
        }
    }

    @Override
    public InetSocketAddress smtp() {
        throw new UnsupportedOperationException("Dovecot has no SMTP server");
    }

    @Override
    public InetSocketAddress imap() {
        return Shell.local(offset + 143);
    }

    @Override
    public InetSocketAddress pop3() {
        return Shell.local(offset + 110);
    }

    @Override
    public Collection<Long> processes() {
        return process == null ? List.of() : List.of(process.pid());
    }

    @Override
    public void close() throws IOException {
        stop();
        Shell.run(10, "", List.of("rm", "-rf", sockets.toString()));
    }
}
