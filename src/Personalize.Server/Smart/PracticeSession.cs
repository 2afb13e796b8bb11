using Personalize.App;

namespace Personalize.Server.Smart;

/// <summary>Somebody who is signed in at the practice.</summary>
/// <param name="Id">The name of the session, which nobody can guess.</param>
/// <param name="User">Who it is.</param>
internal sealed record PracticeSession(string Id, PracticeUser User);
