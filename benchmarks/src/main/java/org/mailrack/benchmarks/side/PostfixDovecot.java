package org.mailrack.benchmarks.side;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Postfix that hands its mail to Dovecot by LMTP, as it comes or tuned as an operator who knows both would; it must be started by
 * root.
 */
public final class PostfixDovecot implements Side {

    private static final String TUNED = """
            default_process_limit = 200
            in_flow_delay = 0
            lmtp_destination_concurrency_limit = 20
            lmtp_destination_recipient_limit = 50
            initial_destination_concurrency = 20
            """;

    private static final int START_SECONDS = 20;
    private static final int STOP_SECONDS = 20;

    private final Dovecot dovecot;
    private final Path configuration;
    private final Path queue;
    private final int offset;
    private final boolean stock;
    private final TreeSet<String> users = new TreeSet<>();
    private ProcessHandle master;

    /** @param stock whether Postfix keeps its own defaults wherever they do not refuse the load */
    public PostfixDovecot(Path base, int offset, String format, boolean stock) throws IOException {
        this.offset = offset;
        this.stock = stock;
        dovecot = new Dovecot(base.resolve("dovecot"), offset, format);
        configuration = base.resolve("postfix");
        queue = base.resolve("queue");
        Path data = base.resolve("postfix-data");
        for (Path folder : List.of(configuration, queue, data)) {
            Files.createDirectories(folder);
        }
        Shell.run(5, "", List.of("chown", "postfix", data.toString()));
        Files.writeString(configuration.resolve("main.cf"), main(data));
        Files.writeString(configuration.resolve("master.cf"), services());
        writeUsers();
    }

    /** Why it cannot run here; empty when it can. */
    public static String missing() {
        return Shell.present("postfix") ? Dovecot.missing() : "postfix is not installed (benchmarks/install-peers)";
    }

    private String main(Path data) {
        return """
                compatibility_level = 3.6
                queue_directory = %1$s
                data_directory = %2$s
                myhostname = mail.%3$s
                mydestination =
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                mynetworks = 127.0.0.0/8
                alias_maps =
                alias_database =
                virtual_mailbox_domains = %3$s
                virtual_mailbox_maps = texthash:%4$s/users
                virtual_transport = lmtp:unix:%5$s
                smtpd_relay_restrictions = permit_mynetworks, reject
                smtpd_peername_lookup = no
                smtpd_client_connection_count_limit = 0
                smtpd_client_connection_rate_limit = 0
                smtpd_client_message_rate_limit = 0
                smtpd_client_recipient_rate_limit = 0
                smtpd_tls_security_level = none
                virtual_mailbox_limit = 0
                """.formatted(queue, data, DOMAIN, configuration, dovecot.lmtp()) + (stock ? "" : TUNED);
    }

    /** No service is in a jail, and only those are there that this way of a mail needs. */
    private String services() {
        return """
                127.0.0.1:%d inet n - n - - smtpd
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                flush unix n - n 1000? 0 flush
                proxymap unix - - n - - proxymap
                proxywrite unix - - n - 1 proxymap
                smtp unix - - n - - smtp
                showq unix n - n - - showq
                error unix - - n - - error
                retry unix - - n - - error
                lmtp unix - - n - - lmtp
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                """.formatted(offset + 25);
    }

    private void writeUsers() throws IOException {
        StringBuilder lines = new StringBuilder();
        users.forEach(user -> lines.append(user).append('@').append(DOMAIN).append(" OK\n"));
        Files.writeString(configuration.resolve("users"), lines);
    }

    @Override
    public String name() {
        return "postfix+dovecot";
    }

    @Override
    public String version() throws IOException {
        return "Postfix " + Shell.output(START_SECONDS, "", List.of("postconf", "-dh", "mail_version")) + ", "
                + dovecot.version();
    }

    @Override
    public String durability() {
        return "Postfix forces each queue file before its 250, Dovecot " + dovecot.durability();
    }

    @Override
    public String settings() {
        return (stock
                        ? "as it comes, "
                        : "default_process_limit=200, LMTP concurrency 20 from the start, in_flow_delay=0, ")
                + "no limits per client, no DNS; "
                + dovecot.settings();
    }

    @Override
    public void addUsers(List<String> more) throws IOException {
        users.addAll(more);
        writeUsers();
        if (master != null) {
            postfix("reload");
        }
    }

    private void postfix(String command) throws IOException {
        Shell.run(START_SECONDS, "", List.of("postfix", "-c", configuration.toString(), command));
    }

    @Override
    public void start() throws IOException {
        dovecot.start();
        postfix("start");
        master = ProcessHandle.of(Long.parseLong(
                        Files.readString(queue.resolve("pid/master.pid")).strip()))
                .orElseThrow(() -> new IOException("Postfix has ended at once"));
        Shell.await(smtp(), START_SECONDS);
    }

    @Override
    public void stop() throws IOException {
        try {
            if (master != null) {
                ProcessHandle running = master;
                master = null;
                Shell.end(running, STOP_SECONDS);
            }
        } finally {
            dovecot.stop();
        }
    }

    @Override
    public InetSocketAddress smtp() {
        return Shell.local(offset + 25);
    }

    @Override
    public InetSocketAddress imap() {
        return dovecot.imap();
    }

    @Override
    public InetSocketAddress pop3() {
        return dovecot.pop3();
    }

    @Override
    public Collection<Long> processes() {
        TreeSet<Long> pids = new TreeSet<>(dovecot.processes());
        if (master != null) {
            pids.add(master.pid());
        }
        return pids;
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } finally {
            dovecot.close();
        }
    }
}
