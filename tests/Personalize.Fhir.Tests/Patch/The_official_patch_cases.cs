using System.Text.RegularExpressions;
using System.Xml.Linq;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Patch;

namespace Personalize.Fhir.Tests.Patch;

public sealed class The_official_patch_cases
{
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Of_FHIRPath_Patch_all_pass()
    {
        var cases = XDocument.Load(Path.Combine(Corpora.Folder("patch"), "fhir-patch-tests.xml")).Root!.Elements("case").ToList();
        Assert.Equal(33, cases.Count);
        Assert.Empty(cases.Where(c => !Passes(c)).Select(c => c.Attribute("name")!.Value));
    }

    [Fact]
    public void Of_JSON_Patch_all_pass()
    {
        var cases = JsonTree.Parse(File.ReadAllBytes(Path.Combine(Corpora.Folder("patch"), "json-patch-tests.json"))).Value.Root.Items.ToList();
        Assert.Equal(16, cases.Count);
        Assert.Empty(cases.Where(c => !Passes(c)).Select(c => c["comment"].Text));
    }

    private static bool Passes(XElement test)
    {
        Resource In(string name) => XmlOfTests.Read(test.Element(name)!.Elements().Single());
        var patched = FhirPathPatch.Apply(In("input"), In("diff"), _context);
        return test.Element("output") is null
            ? patched.Failure is not null
            : patched.Failure is null && JsonSameness.Same(Plain(patched.Value), Plain(In("output")));
    }

    // White space in a narrative is no difference.
    private static JsonItem Plain(Resource resource) =>
        JsonTree.Parse(Texts.Replace(resource, e => e.Type.Name == "xhtml" ? Regex.Replace(e.Text!, @"\s+", "") : null)).Value.Root;

    private static bool Passes(JsonItem test)
    {
        var patched = JsonPatch.Apply(test["doc"].Json, JsonTree.Parse(test["patch"].Json).Value);
        return test["error"].Exists
            ? patched.Failure is not null
            : patched.Failure is null && JsonSameness.Same(JsonTree.Parse(patched.Value).Value.Root, test["expected"]);
    }

}
