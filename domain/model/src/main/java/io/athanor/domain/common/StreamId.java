package io.athanor.domain.common;

/** Names one event stream: its family and the id in it. Text: {@code job/<task>}. */
public record StreamId(String type, String id) implements TextValue {
    public static final String ACCOUNT = "account";
    public static final String PROVIDER = "provider";
    public static final String MACHINE = "machine";
    public static final String JOB = "job";
    public static final String CHECKER = "checker";
    public static final String POOL = "pool";
    public static final String ROUND = "round";
    public static final String EPOCH = "epoch";
    public static final String PROPOSAL = "proposal";
    public static final String PROTOCOL = "protocol";
    public static final String CASE = "case";
    /** No stream: names who reported, where that is a node of the control plane. */
    public static final String NODE = "node";

    public static StreamId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("a stream is <type>/<id>: " + text);
        }
        return new StreamId(text.substring(0, slash), text.substring(slash + 1));
    }

    public static StreamId of(String type, Object id) {
        return new StreamId(type, id.toString());
    }

    @Override
    public String toString() {
        return type + "/" + id;
    }
}
