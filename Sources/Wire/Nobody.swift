/// The number of a user or a group that has none here, such as one from outside a user namespace.
///
/// The kernel calls it the overflow id. It tells nothing of who it is, so it may do nothing, and
/// nothing of it is trusted.
package let nobody: UInt32 = 65534
