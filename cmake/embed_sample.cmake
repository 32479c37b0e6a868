# Writes the sample day as a C++ source: cmake -DFOLDER=data/sample -DOUTPUT=sample_files.cpp -P embed_sample.cmake
file(GLOB files ${FOLDER}/*.csv)
list(SORT files)
set(definitions "")
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME)
  get_filename_component(stem ${path} NAME_WE)
  # Numbers: a string literal may not be that long everywhere.
  file(READ ${path} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," numbers "${hex}")
  string(APPEND definitions "constexpr unsigned char ${stem}[] = {${numbers}};\n")
  string(APPEND entries "    {\"${name}\", {reinterpret_cast<const char*>(${stem}), ${bytes}}},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"agents/ops/sample.hpp\"

namespace skymarshal::agents::ops {
namespace {

${definitions}
const SampleFile files[] = {
${entries}};

}  // namespace

std::span<const SampleFile> sample_files() { return files; }

}  // namespace skymarshal::agents::ops
")
