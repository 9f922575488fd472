package org.mailrack.relay.internal;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers DNS questions on a loopback port from a table; a name that is not in it does not exist. */
final class DnsServer implements AutoCloseable {

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    private final Map<Name, List<Record>> zone = new ConcurrentHashMap<>();
    private final List<Name> failing = new CopyOnWriteArrayList<>();

    DnsServer() throws IOException {
        Thread thread = new Thread(this::serve, "dns");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static Name name(String text) {
        return Name.fromConstantString(text.endsWith(".") ? text : text + '.');
    }

    DnsServer mx(String domain, int preference, String host) {
        return add(new MXRecord(name(domain), DClass.IN, 60, preference, name(host)));
    }

    DnsServer a(String host, String address) throws IOException {
        return add(new ARecord(name(host), DClass.IN, 60, InetAddress.getByName(address)));
    }

    DnsServer cname(String alias, String host) {
        return add(new CNAMERecord(name(alias), DClass.IN, 60, name(host)));
    }

    DnsServer fails(String domain) {
        failing.add(name(domain));
        return this;
    }

    private DnsServer add(Record record) {
        zone.computeIfAbsent(record.getName(), key -> new CopyOnWriteArrayList<>())
                .add(record);
        return this;
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] octets = java.util.Arrays.copyOf(buffer, packet.getLength());
                byte[] answer = answer(new Message(octets)).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Closed, or a broken question.
                continue;
            }
        }
    }

    private Message answer(Message question) {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(asked, Section.QUESTION);
        if (failing.contains(asked.getName())) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (!add(answer, asked.getName(), asked.getType())) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer;
    }

    private boolean add(Message answer, Name name, int type) {
        List<Record> records = zone.get(name);
        if (records == null) {
            return false;
        }
        for (Record record : records) {
            if (record.getType() == type) {
                answer.addRecord(record, Section.ANSWER);
            } else if (record instanceof CNAMERecord alias) {
                answer.addRecord(record, Section.ANSWER);
                add(answer, alias.getTarget(), type);
            }
        }
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }
}
