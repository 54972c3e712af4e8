import Foundation
import NIOCore
import Testing
import Wire

@testable import RetrievalServer

struct AccessRulesTests {
    private func peer(_ user: UInt32, _ groups: Set<UInt32> = []) -> PeerCredentials {
        PeerCredentials(process: 1, user: user, groups: groups)
    }

    private let standard: AccessRules = {
        var rules = AccessRules()
        (rules.ownUser, rules.socketGroup) = (100, 50)
        return rules
    }()

    @Test(
        arguments: [
            (100, [], AccessRules.Access.administrator), (0, [], .administrator),
            (7, [50], .client), (7, [1, 2, 50], .client), (7, [51], .none), (7, [], .none),
        ] as [(UInt32, Set<UInt32>, AccessRules.Access)]
    )
    func `without lists its own user and root may do all, the socket's group may ask`(
        user: UInt32,
        groups: Set<UInt32>,
        access: AccessRules.Access
    ) {
        #expect(standard.access(of: peer(user, groups)) == access)
    }

    @Test(
        arguments: [
            (7, [], AccessRules.Access.client), (9, [60], .client), (8, [], .administrator),
            (9, [70], .administrator), (9, [50], .none), (9, [61], .none),
            (100, [], .administrator),
            (0, [], .administrator),
        ] as [(UInt32, Set<UInt32>, AccessRules.Access)]
    )
    func `lists take the place of the socket's group`(
        user: UInt32,
        groups: Set<UInt32>,
        access: AccessRules.Access
    ) {
        var rules = standard
        (rules.users, rules.groups) = ([7], [60])
        (rules.adminUsers, rules.adminGroups) = ([8], [70])
        #expect(rules.access(of: peer(user, groups)) == access)
    }

    @Test func `nobody is nobody, whatever the lists say`() {
        var rules = standard
        rules.ownUser = nobody
        rules.socketGroup = nobody
        rules.users = [nobody]
        rules.adminGroups = [nobody]
        #expect(rules.access(of: peer(nobody)) == .none)
        #expect(rules.access(of: peer(7, [nobody])) == .none)
    }

    @Test func `the kernel tells who made a connection, with all groups`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        let credentials = try PeerCredentials(ofPeerOf: ends[0])
        #expect(credentials.process == getpid() && credentials.user == geteuid())
        #expect(credentials.groups.contains(getegid()))
        let error = #expect(throws: RetrievalServerError.self) {
            _ = try PeerCredentials(ofPeerOf: -1)
        }
        #expect(error?.description.contains("cannot ask who connected") == true)
    }

    @Test func `refusals are counted, and logged once a second`() {
        let lines = Lines()
        let admission = Admission(Replaceable(ConnectionTerms()), logger: lines.logger)
        let stranger = PeerCredentials(process: 3, user: 77, groups: [78])
        for _ in 0..<5 {
            #expect(throws: Admission.Refusal.self) { try admission.access(of: stranger) }
        }
        #expect(admission.counts == Admission.Counts(strangers: 5))
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.contains("user=77") == true, "\(lines.all)")
        #expect(!admission.isStarved)
        admission.starved(by: IOError(errnoCode: EMFILE, reason: "accept"))
        #expect(admission.isStarved && admission.counts.starved == 1)
    }

    @Test(arguments: [true, false])
    func `methods that change what is served are for administrators`(isAllowed: Bool) throws {
        let caller = Caller(connection: 1, isAdministrator: isAllowed)
        let call = Call(streamID: 1, method: .publish, payload: [], timeout: nil)
        let pending = PendingCall(call, of: caller, receivedAt: .now())
        if isAllowed {
            try pending.checkIsAllowed()
        } else {
            let error = #expect(throws: CallError.self) { try pending.checkIsAllowed() }
            #expect(error?.code == .permissionDenied)
        }
    }
}
