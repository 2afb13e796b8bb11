using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Writing;

/// <summary>A resource as the engine wants it stored.</summary>
/// <param name="Key">Type and id.</param>
/// <param name="Json">The resource.</param>
/// <param name="BasedOnVersion">The version that it was made from and that must still be current; null for a new one.</param>
public sealed record Proposal(ResourceKey Key, ReadOnlyMemory<byte> Json, string? BasedOnVersion);
