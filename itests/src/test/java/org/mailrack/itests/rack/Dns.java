package org.mailrack.itests.rack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** A DNS server over UDP for the domains of a test; all its hosts are this machine. */
public final class Dns implements AutoCloseable {

    private final DatagramSocket socket;
    private final Map<Name, List<org.xbill.DNS.Record>> zone = new ConcurrentHashMap<>();

    public Dns() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(this::serve, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public Dns mx(String domain, int preference, String host) throws IOException {
        Name owner = Name.fromString(domain + ".");
        Name target = Name.fromString(host + ".");
        zone.computeIfAbsent(owner, n -> new ArrayList<>()).add(new MXRecord(owner, DClass.IN, 60, preference, target));
        zone.computeIfAbsent(target, n -> new ArrayList<>())
                .add(new ARecord(target, DClass.IN, 60, InetAddress.getByName("127.0.0.1")));
        return this;
    }

    private void serve() {
        byte[] buffer = new byte[2048];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                byte[] answer = answer(query).toWire(4096);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }

    private Message answer(Message query) {
        Message answer = new Message(query.getHeader().getID());
        org.xbill.DNS.Record question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.AA);
        answer.getHeader().setFlag(Flags.RA);
        List<org.xbill.DNS.Record> records = zone.get(question.getName());
        if (records == null) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            return answer;
        }
        records.stream()
                .filter(r -> r.getType() == question.getType())
                .forEach(r -> answer.addRecord(r, Section.ANSWER));
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
