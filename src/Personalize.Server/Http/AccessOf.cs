using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Http;

/// <summary>Says who asks and what they may do. Fails with <see cref="Failure.Unauthenticated"/> (401) or <see cref="Failure.Denied"/> (403).</summary>
/// <param name="context">The request.</param>
public delegate ValueTask<Outcome<Access>> AccessOf(HttpContext context);

/// <summary>Ways to say who asks that need no token.</summary>
public static class OpenAccess
{
    /// <summary>Everybody is the operator: for servers that listen on loopback alone.</summary>
    public static AccessOf Operator { get; } = _ => ValueTask.FromResult<Outcome<Access>>(Access.Operator("operator"));
}
