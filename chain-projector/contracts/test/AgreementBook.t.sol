// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementBook} from "../src/AgreementBook.sol";
import {MerkleTree} from "../src/MerkleTree.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title AgreementBookTest
/// @notice Matches against what was signed: what is found, and what nobody may bring.
contract AgreementBookTest is Fixture {
    uint256 private constant CLIENT_KEY = 1001;
    uint256 private constant PROVIDER_KEY = 1002;

    AgreementBook private _book;

    function setUp() public override {
        super.setUp();
        _book = new AgreementBook(log);
    }

    function test_soundMatch() external {
        assertFinding(AgreementBook.Finding.SOUND, _book.checkMatch(settle(base(5, 5))));
        assertEq(address(log), address(_book.settlementLog()));
    }

    function test_priceAboveTheOrder() external {
        AgreementBook.Evidence memory evidence = settle(base(6, 5));
        assertFinding(AgreementBook.Finding.PRICE_ABOVE_ORDER, _book.checkMatch(evidence));
    }

    function test_taskThatWasNotOrdered() external {
        AgreementBook.Evidence memory evidence = base(5, 5);
        evidence.matched.task = 4;
        assertFinding(AgreementBook.Finding.TASK_NOT_ORDERED, _book.checkMatch(settle(evidence)));
        evidence.matched.task = 3;
        assertFinding(AgreementBook.Finding.SOUND, _book.checkMatch(settle(evidence)));
    }

    function test_termsThatDifferNeedNoSignature() external {
        AgreementBook.Evidence memory evidence = base(5, 5);
        evidence.agreement.price = 6;
        evidence = settle(evidence);
        evidence.orderSignature = "";
        evidence.offerSignature = "";
        assertFinding(AgreementBook.Finding.TERMS_DIFFER, _book.checkMatch(evidence));
        evidence.agreement.price = 5;
        evidence.agreement.provider = bob;
        assertFinding(AgreementBook.Finding.TERMS_DIFFER, _book.checkMatch(settle(evidence)));
    }

    function test_anotherOfferIsNoEvidence() external {
        AgreementBook.Evidence memory evidence = base(5, 9);
        evidence.offer.price = 7;
        evidence = settle(evidence);
        evidence.offerSignature = signedBy(PROVIDER_KEY, offerHash(evidence.offer));
        assertFinding(AgreementBook.Finding.OTHER_OFFER, _book.checkMatch(evidence));
        VM.expectRevert(
            abi.encodeWithSelector(AgreementBook.NothingRefuted.selector, AgreementBook.Finding.OTHER_OFFER)
        );
        _book.refuteMatch(evidence);
    }

    function testFuzz_priceIsHeldAgainstTheOrder(uint128 price, uint128 most) external {
        AgreementBook.Finding expected =
            price > most ? AgreementBook.Finding.PRICE_ABOVE_ORDER : AgreementBook.Finding.SOUND;
        assertFinding(expected, _book.checkMatch(settle(base(price, most))));
    }

    function test_leavesOfNoBatch() external {
        AgreementBook.Evidence memory evidence = settle(base(5, 5));
        evidence.matched.price = 4;
        evidence.agreement.price = 4;
        VM.expectRevert(abi.encodeWithSelector(AgreementBook.NotInBatch.selector, 2, 1, 1));
        _book.checkMatch(evidence);
        evidence.matched.price = 5;
        VM.expectRevert(abi.encodeWithSelector(AgreementBook.NotInBatch.selector, 3, 1, 2));
        _book.checkMatch(evidence);
        evidence.agreement.price = 5;
        evidence.matchPlace.seq = 2;
        VM.expectRevert(abi.encodeWithSelector(SettlementLog.UnknownBatch.selector, 2));
        _book.checkMatch(evidence);
        evidence.matchPlace.seq = 1;
        assertFinding(AgreementBook.Finding.SOUND, _book.checkMatch(evidence));
    }

    function test_theAgreementOfAnotherLease() external {
        AgreementBook.Evidence memory evidence = base(5, 5);
        evidence.agreement.fence = 2;
        evidence = settle(evidence);
        VM.expectRevert(
            abi.encodeWithSelector(AgreementBook.OtherLease.selector, evidence.agreement.jobKey, uint32(2))
        );
        _book.checkMatch(evidence);
    }

    function test_documentsOfOthers() external {
        AgreementBook.Evidence memory evidence = settle(base(6, 5));
        evidence.order.job = bytes32("other");
        VM.expectRevert(
            abi.encodeWithSelector(AgreementBook.OtherDocument.selector, bytes32("job"), bytes32("other"))
        );
        _book.checkMatch(evidence);
        evidence.order.job = bytes32("job");
        evidence.offer.machine = bytes32("other");
        VM.expectRevert(
            abi.encodeWithSelector(AgreementBook.OtherDocument.selector, bytes32("machine"), bytes32("other"))
        );
        _book.checkMatch(evidence);
    }

    /// @dev A changed order has another signer, and a signature of somebody else is nobody's.
    function test_documentsThatNobodySigned() external {
        AgreementBook.Evidence memory evidence = settle(base(5, 5));
        bytes memory genuine = evidence.orderSignature;
        evidence.orderSignature = signedBy(PROVIDER_KEY, orderHash(evidence.order));
        VM.expectRevert(
            abi.encodeWithSelector(
                AgreementBook.NotSignedBy.selector, VM.addr(CLIENT_KEY), VM.addr(PROVIDER_KEY)
            )
        );
        _book.checkMatch(evidence);
        evidence.orderSignature = genuine;
        evidence.order.maxPrice = 1;
        VM.expectPartialRevert(AgreementBook.NotSignedBy.selector);
        _book.checkMatch(evidence);
        evidence.order.maxPrice = 5;
        evidence.offer.price = 1;
        VM.expectPartialRevert(AgreementBook.NotSignedBy.selector);
        _book.checkMatch(evidence);
    }

    function test_refutedOnceAndForEver() external {
        AgreementBook.Evidence memory evidence = settle(base(6, 5));
        bytes32 jobKey = evidence.matched.jobKey;
        assertFinding(AgreementBook.Finding.SOUND, _book.refuted(jobKey, 1));
        VM.prank(alice);
        assertFinding(AgreementBook.Finding.PRICE_ABOVE_ORDER, _book.refuteMatch(evidence));
        assertFinding(AgreementBook.Finding.PRICE_ABOVE_ORDER, _book.refuted(jobKey, 1));
        assertFinding(AgreementBook.Finding.SOUND, _book.refuted(jobKey, 2));
        VM.expectRevert(abi.encodeWithSelector(AgreementBook.AlreadyRefuted.selector, jobKey, uint32(1)));
        _book.refuteMatch(evidence);
    }

    function test_aSoundMatchIsNotRefuted() external {
        AgreementBook.Evidence memory evidence = settle(base(5, 5));
        VM.expectRevert(abi.encodeWithSelector(AgreementBook.NothingRefuted.selector, AgreementBook.Finding.SOUND));
        _book.refuteMatch(evidence);
    }

    function test_needsALog() external {
        VM.expectRevert(AgreementBook.ZeroAddress.selector);
        new AgreementBook(SettlementLog(address(0)));
    }

    /// @dev The structs encode to the data of the vectors, which Java makes of a lease.
    function test_leavesAreTheVectors() external view {
        string memory json = VM.readFile("vectors/settlement.json");
        string memory path = ".samples[1].fields.";
        bytes32 key = VM.parseJsonBytes32(json, string.concat(path, "jobKey"));
        address provider = VM.parseJsonAddress(json, string.concat(path, "provider"));
        bytes memory data = abi.encode(
            AgreementBook.Match(
                key,
                VM.parseJsonBytes32(json, string.concat(path, "job")),
                3,
                2,
                VM.parseJsonBytes32(json, string.concat(path, "machine")),
                provider,
                2,
                2_000_000_000_000,
                1_767_225_690_000,
                1_767_225_660_000,
                true
            )
        );
        assertEq(keccak256(VM.parseJsonBytes(json, ".samples[1].data")), keccak256(data));
        data = abi.encode(AgreementBook.Agreement(key, 2, provider, 2_000_000_000_000, 990_000, 30_000, 1));
        assertEq(keccak256(VM.parseJsonBytes(json, ".samples[2].data")), keccak256(data));
    }

    /// @dev A lease at this price, offered at it, of an order of four tasks at most that high.
    function base(uint256 price, uint256 most) private pure returns (AgreementBook.Evidence memory evidence) {
        address provider = VM.addr(PROVIDER_KEY);
        bytes32 key = keccak256("task");
        evidence.matched = AgreementBook.Match(
            key, bytes32("job"), 3, 1, bytes32("machine"), provider, 2, price, 1000, 900, false
        );
        evidence.agreement = AgreementBook.Agreement(key, 1, provider, price, 990_000, 30_000, 1);
        evidence.order = AgreementBook.Order(
            bytes32("job"), VM.addr(CLIENT_KEY), bytes32("spec"), 4, most, 1 ether, bytes32("order"), 2000
        );
        evidence.offer = AgreementBook.Offer(bytes32("machine"), price, bytes32("offer"), 2000);
    }

    /// @dev Puts both leaves into the next batch and signs the documents, where they are to be signed.
    function settle(AgreementBook.Evidence memory evidence) private returns (AgreementBook.Evidence memory) {
        bytes32[] memory leaves = new bytes32[](3);
        leaves[0] = withdrawalLeaf(alice, 1);
        leaves[1] = MerkleTree.leaf(MerkleTree.MATCH, abi.encode(evidence.matched));
        leaves[2] = MerkleTree.leaf(MerkleTree.AGREEMENT, abi.encode(evidence.agreement));
        send(nextBatch(rootOf(leaves), 3));
        (uint64 seq,) = log.last();
        evidence.matchPlace = AgreementBook.Place(seq, 1);
        evidence.agreementPlace = AgreementBook.Place(seq, 2);
        evidence.matchProof = proofOf(leaves, 1);
        evidence.agreementProof = proofOf(leaves, 2);
        evidence.orderSignature = signedBy(CLIENT_KEY, orderHash(evidence.order));
        evidence.offerSignature = signedBy(PROVIDER_KEY, offerHash(evidence.offer));
        return evidence;
    }

    function orderHash(AgreementBook.Order memory order) private pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "SubmitJob(bytes32 job,address client,bytes32 spec,uint32 tasks,uint256 maxPrice,uint256 cap,"
            "bytes32 commandId,uint64 expiresAt)"
        );
        return keccak256(abi.encode(typeHash, order));
    }

    function offerHash(AgreementBook.Offer memory offer) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("ListOffer(bytes32 machine,uint256 price,bytes32 commandId,uint64 expiresAt)"), offer
            )
        );
    }

    function signedBy(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        uint256[] memory one = new uint256[](1);
        one[0] = key;
        return signed(structHash, one, 1)[0];
    }

    function assertFinding(AgreementBook.Finding expected, AgreementBook.Finding found) private pure {
        assertEq(uint256(expected), uint256(found));
    }
}
