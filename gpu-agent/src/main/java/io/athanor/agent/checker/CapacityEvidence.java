package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Capacity;
import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityOpening;
import io.athanor.domain.wire.AgentProtocol.CapacityResult;
import io.athanor.domain.wire.AgentProtocol.CapacityRoot;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Says of a capacity test's evidence whether the machine solved it: for the checker that made the test, and for anybody who
 * looks at its evidence later. Pure; it computes the drawn lanes again, a second of one core for a real card.
 */
final class CapacityEvidence {
    private CapacityEvidence() {}

    /** Whether the checker drew as it had chosen before, and the machine signed roots and an opening that holds. */
    static boolean isSolved(MachineSubject subject, Capacity capacity) {
        CapacityAnswer answer = capacity.answer();
        CapacityOpening opening = capacity.opening();
        return answer != null
                && opening != null
                && isDrawn(capacity)
                && isSigned(subject, capacity, answer)
                && isSigned(subject, capacity, opening)
                && opens(capacity, answer.roots(), opening.results());
    }

    /** Whether the lanes are drawn by the secret to which the test was committed. */
    static boolean isDrawn(Capacity capacity) {
        return CapacityProof.commitment(capacity.secret())
                .equals(capacity.test().draw());
    }

    private static boolean isSigned(MachineSubject subject, Capacity capacity, CapacityAnswer answer) {
        return answer.machine().equals(subject.machine())
                && answer.nonce().equals(capacity.nonce())
                && answer.test().equals(capacity.test().digest())
                && MachineProbes.signedBy(subject.agentKey(), answer.signed(), answer.signature());
    }

    private static boolean isSigned(MachineSubject subject, Capacity capacity, CapacityOpening opening) {
        return opening.machine().equals(subject.machine())
                && opening.nonce().equals(capacity.nonce())
                && opening.secret().equals(capacity.secret())
                && MachineProbes.signedBy(subject.agentKey(), opening.signed(), opening.signature());
    }

    private static boolean opens(Capacity capacity, List<CapacityRoot> roots, List<CapacityResult> opened) {
        List<CapacityWork> owed = capacity.test().work();
        return roots.size() == owed.size()
                && opened.size() == owed.size()
                && IntStream.range(0, owed.size())
                        .allMatch(i -> opens(owed.get(i), roots.get(i), opened.get(i), capacity.secret()));
    }

    private static boolean opens(CapacityWork work, CapacityRoot root, CapacityResult opened, Hash32 secret) {
        try {
            return root.gpu().equals(work.gpu())
                    && opened.gpu().equals(work.gpu())
                    && CapacityProof.holds(work, root.root(), secret, Hex.decode(opened.opening()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
